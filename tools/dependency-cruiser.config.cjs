/**
 * The arrows between the rings, one rule each, as in ARCHITECTURE.md:
 * main -> app -> { server -> graphql -> live, postgres, redis } -> application -> domain.
 * `npm run layers` checks them.
 */

const NPM = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown']
const SOCKETS = '^node_modules/(ws|graphql|graphql-[^/]+|fastify|@fastify|@apollo|@as-integrations)/'

/** A ring may import itself and the named ones; anything else of this repository is forbidden. */
function onlyRings(name, from, rings, comment) {
  const allowed = [from, ...rings].join('|')
  return {
    name,
    comment,
    severity: 'error',
    from: { path: from },
    to: { path: '^(src|migrations|test|bench|client|demo|tools)/', pathNot: allowed },
  }
}

/** A ring does without packages, Node's own or others'. */
function noPackages(name, from, dependencyTypes, comment) {
  return { name, comment, severity: 'error', from: { path: from }, to: { dependencyTypes } }
}

module.exports = {
  forbidden: [
    onlyRings(
      'domain-imports-domain',
      '^src/domain/',
      [],
      'The rules of the product are read and proved without anything around them.',
    ),
    noPackages(
      'domain-without-packages',
      '^src/domain/',
      [...NPM, 'core'],
      'A rule has no clock, no randomness and no input but its arguments.',
    ),

    onlyRings(
      'application-imports-domain',
      '^src/application/',
      ['^src/domain/'],
      'A use case speaks to ports, so that it runs on any store and under any transport.',
    ),
    noPackages(
      'application-without-packages',
      '^src/application/',
      NPM,
      'What needs a package is an adapter, behind a port.',
    ),
    {
      name: 'application-without-input-and-output',
      comment:
        'Sockets, files and timers are adapters. node:crypto alone is not: ids that nobody can guess, digests of answers.',
      severity: 'error',
      from: { path: '^src/application/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },

    onlyRings(
      'postgres-imports-inwards',
      '^src/postgres/',
      ['^src/application/', '^src/domain/', '^migrations/'],
      'Storage serves use cases; who asks, and over what, is not its business. graphql and postgres never meet.',
    ),
    onlyRings(
      'redis-imports-inwards',
      '^src/redis/',
      ['^src/application/', '^src/domain/'],
      'The other adapter of the same ports.',
    ),

    onlyRings(
      'live-imports-inwards',
      '^src/live/',
      ['^src/application/', '^src/domain/'],
      'Live streams are decided changes; they are simulated and measured without a server.',
    ),
    {
      name: 'live-without-sockets',
      comment: 'A slow socket, or a shape of GraphQL, must not be able to change what is decided for whom.',
      severity: 'error',
      from: { path: '^src/live/' },
      to: { path: [SOCKETS, '^node:(net|http|https|http2|tls)$', '^(net|http|https|http2|tls)$'] },
    },

    onlyRings(
      'graphql-imports-inwards',
      '^src/graphql/',
      ['^src/generated/', '^src/live/', '^src/application/', '^src/domain/', '^src/identity/'],
      'Resolvers translate between the schema and use cases, a subscription between it and a live watch. graphql and postgres never meet.',
    ),
    {
      name: 'graphql-without-stores',
      comment: 'A resolver with a connection in hand decides for itself what it reads.',
      severity: 'error',
      from: { path: '^src/(graphql|server)/' },
      to: { path: '^node_modules/(pg|typeorm|redis|@redis)/' },
    },
    onlyRings(
      'generated-imports-parents',
      '^src/generated/',
      ['^src/graphql/(context|parents)\\.ts$', '^src/domain/user-id\\.ts$'],
      'Resolver types name the context and the parents, nothing else.',
    ),

    onlyRings(
      'server-imports-inwards',
      '^src/server/',
      ['^src/graphql/', '^src/live/', '^src/identity/', '^src/application/', '^src/domain/'],
      'Transports carry the schema and live streams; what they stand on is handed to them.',
    ),

    onlyRings(
      'identity-imports-domain',
      '^src/identity/(?!development-token\\.ts$)',
      ['^src/domain/', '^src/identity/', '^src/make-folder\\.ts$'],
      'Who is asking is known before anything is asked of the rest.',
    ),
    {
      name: 'identity-without-packages-but-jose',
      comment: 'A token is verified by one library and nothing around it.',
      severity: 'error',
      from: { path: '^src/identity/' },
      to: { dependencyTypes: NPM, pathNot: '^node_modules/jose/' },
    },

    onlyRings(
      'client-stands-alone',
      '^client/',
      [],
      'Frontends copy this folder, and have nothing else of this repository.',
    ),
    {
      name: 'client-without-packages-but-graphql-clients',
      comment:
        'What a page must install is two packages at most, one for each transport, and nothing of Node.',
      severity: 'error',
      from: { path: '^client/' },
      to: { dependencyTypes: [...NPM, 'core'], pathNot: '^node_modules/graphql-(ws|sse)/' },
    },

    onlyRings(
      'embedded-postgres-stands-alone',
      '^src/embedded-postgres/',
      ['^src/make-folder\\.ts$'],
      'Starting a database knows nothing of what is stored in it.',
    ),
    onlyRings(
      'config-imports-settings',
      '^src/config(\\.ts$|/)',
      ['^src/config(\\.ts$|/)', '^src/identity/', '^src/domain/'],
      'Reading the environment starts nothing.',
    ),
    {
      name: 'config-is-read-at-the-top',
      comment:
        'Whoever reads settings by himself cannot be built twice with different ones; the rest takes what it needs as arguments.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot:
          '^src/(main|app|config)\\.ts$|^src/config/|^src/identity/development-token\\.ts$|^src/admin/',
      },
      to: { path: '^src/config(\\.ts$|/)' },
    },
    {
      name: 'app-constructs-adapters',
      comment: 'One place where it can be read what this process is made of.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(app\\.ts$|postgres/|redis/|embedded-postgres/|admin/)' },
      to: { path: '^src/(postgres|redis|embedded-postgres)/' },
    },
    {
      name: 'only-main-imports-app',
      comment: 'The composition root is the end of the arrows, not a place to fetch things from.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main\\.ts$|admin/)' },
      to: { path: '^src/app\\.ts$' },
    },
    {
      name: 'nothing-imports-main',
      comment: 'Importing it starts a server.',
      severity: 'error',
      from: {},
      to: { path: '^src/main\\.ts$' },
    },

    onlyRings(
      'migrations-stand-alone',
      '^migrations/',
      [],
      'A migration does for ever what it did when it was released, whatever becomes of the code.',
    ),
    {
      name: 'src-without-tests',
      comment: 'What is shipped must not need what is not.',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: { path: '^(test|bench|client|demo|tools)/' },
    },
    {
      name: 'src-without-dev-dependencies',
      comment: 'They are absent where the product runs.',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },

    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one idea. Types alone may: resolver types name the context that names them.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing uses and that uses nothing is left over.',
      severity: 'error',
      from: { orphan: true, path: '^(src|migrations|demo)/' },
      to: {},
    },
    {
      name: 'no-unresolvable',
      comment: 'What cannot be found cannot be checked.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: {
      path: '^(test/gateways/node_modules|bench/live/stock-server|bench/read/(stock-servers|postgraphile-server)|dist)/',
    },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}
