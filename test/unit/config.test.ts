import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { generateKeyPairSync } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import { ConfigError, readConfig } from '../../src/config.ts'
import { settings } from '../../src/config/settings.ts'
import { AUDIENCE, ISSUER, issuerKey } from '../support/token-issuer.ts'

const key = issuerKey()
const withKey = { JWT_PUBLIC_KEY: key.publicPem, JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE }
const production = { ...withKey, NODE_ENV: 'production', DATABASE_URL: 'postgres://u:p@db.example/presence' }

function faultsOf(env: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}

describe('a newcomer', () => {
  test('needs no settings at all', () => {
    expect(readConfig({})).toEqual({
      environment: 'development',
      dataDir: resolve('.data'),
      http: {
        host: '127.0.0.1',
        port: 4001,
        allowedOrigins: [],
        allowLocalOrigins: true,
        maxAnonymousConnections: 1000,
        shutdownDelayMs: 0,
        shutdownTimeoutMs: 10_000,
      },
      metrics: undefined,
      database: {
        server: { kind: 'embedded' },
        poolSize: 10,
        readConnections: 2,
        statementTimeoutMs: 5000,
        lockTimeoutMs: 3000,
        connectTimeoutMs: 5000,
        migrate: 'auto',
      },
      identity: { source: 'development-key' },
      privacy: { blockingHidesBothWays: true, ageing: { idleAfterMs: 300_000, awayAfterMs: 900_000 } },
      sweeps: { everyMs: 60_000, requestsKeptMs: 90 * 24 * 3_600_000, trailKeptMs: 365 * 24 * 3_600_000 },
      graphql: {
        introspection: true,
        graphiql: true,
        maxRepresentations: 1000,
        maxSubscriptionsPerUser: 100,
        maxSubscriptionWeightPerUser: 40_000,
        maxSocketsPerUser: 100,
        maxConnectionsPerUser: 200,
        workPerSecond: { user: 15_000, service: 30_000, administrator: 40_000 },
      },
      streams: { snapshotEveryMs: 120_000 },
      log: { level: 'info' },
    })
  })

  test('may leave values empty or put spaces around them', () => {
    expect(readConfig({ PORT: '', HOST: '  ', DATABASE_URL: '', LOG_LEVEL: ' warn\r' })).toEqual(
      readConfig({ LOG_LEVEL: 'warn' }),
    )
  })
})

describe('.env.example', () => {
  const documented = readFileSync(resolve('.env.example'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('=', 2) as [string, string])

  test('describes every setting, and no other', () => {
    expect(documented.map(([name]) => name).sort()).toEqual(Object.keys(settings).sort())
  })

  test('shows the defaults: taking it over as it stands changes nothing', () => {
    const keyless = documented.filter(([name]) => !name.startsWith('JWT_'))
    expect(readConfig(Object.fromEntries(keyless))).toEqual(readConfig({}))
    const jwt = documented.filter(([name, value]) => name.startsWith('JWT_') && value !== '')
    expect(readConfig({ ...Object.fromEntries(jwt), ...withKey })).toEqual(readConfig(withKey))
  })
})

describe('production', () => {
  test('is served by what it was given, without the comforts of development', () => {
    const config = readConfig({ ...production, HOST: '0.0.0.0', ALLOWED_ORIGINS: 'https://app.example' })
    expect(config.database.server).toEqual({
      kind: 'external',
      url: production.DATABASE_URL,
      directUrl: production.DATABASE_URL,
      pooler: 'none',
    })
    expect(config.identity).toEqual({
      source: 'configured',
      trust: {
        keys: { publicKey: key.publicPem },
        issuer: ISSUER,
        audience: AUDIENCE,
        algorithms: ['ES256'],
        userClaim: ['sub'],
        rolesClaim: ['roles'],
      },
    })
    expect(config.graphql).toMatchObject({ introspection: false, graphiql: false })
    expect(config.http).toMatchObject({ allowedOrigins: ['https://app.example'], allowLocalOrigins: false })
  })

  test('may ask for introspection and GraphiQL', () => {
    const config = readConfig({ ...production, INTROSPECTION: 'on', GRAPHIQL: 'on' })
    expect(config.graphql).toMatchObject({ introspection: true, graphiql: true })
  })

  test('never runs on the embedded database', () => {
    expect(faultsOf({ ...withKey, NODE_ENV: 'production' })).toEqual([
      expect.stringMatching(/^DATABASE_URL: must be set in production/),
    ])
  })

  test('takes its keys over https, or from its own machine', () => {
    const { JWT_PUBLIC_KEY: _, ...keyless } = production
    const jwks = (JWT_JWKS_URI: string) => faultsOf({ ...keyless, JWT_JWKS_URI })
    expect(jwks('https://issuer.example/jwks')).toEqual([])
    expect(jwks('http://127.0.0.1:8080/jwks')).toEqual([])
    expect(jwks('http://[::1]:8080/jwks')).toEqual([])
    expect(jwks('http://issuer.example/jwks')).toEqual([
      expect.stringMatching(/^JWT_JWKS_URI: must be https/),
    ])
    expect(faultsOf({ ...withKey, JWT_PUBLIC_KEY: '', JWT_JWKS_URI: 'http://issuer.test/jwks' })).toEqual([])
  })
})

describe('the generated key', () => {
  test.each([
    [
      'in production',
      { NODE_ENV: 'production', DATABASE_URL: 'postgres://db.example/presence' },
      /NODE_ENV=production/,
    ],
    ['in tests', { NODE_ENV: 'test' }, /NODE_ENV=test/],
    [
      'beside a real database',
      { DATABASE_URL: 'postgres://db.example/presence' },
      /when DATABASE_URL is set/,
    ],
    ['where others can connect', { HOST: '0.0.0.0' }, /when HOST is not a loopback/],
    ['where others can connect from the same network', { HOST: '10.0.0.5' }, /when HOST is not a loopback/],
    ['where others can connect over IPv6', { HOST: '::' }, /when HOST is not a loopback/],
    ['where others can connect by name', { HOST: '127.0.0.1.example.com' }, /when HOST is not a loopback/],
  ])('is refused %s', (_, env, why) => {
    expect(faultsOf(env)).toEqual([expect.stringMatching(/^JWT_JWKS_URI: must be set, or JWT_PUBLIC_KEY/)])
    expect(faultsOf(env)[0]).toMatch(why)
  })

  test.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('serves on %s', (HOST) => {
    expect(readConfig({ HOST }).identity).toEqual({ source: 'development-key' })
  })

  test('does not swallow settings that were meant for another key', () => {
    expect(faultsOf({ JWT_ISSUER: ISSUER, JWT_USER_CLAIM: 'uid' })).toEqual([
      expect.stringMatching(/^JWT_ISSUER: means nothing without a key/),
      expect.stringMatching(/^JWT_USER_CLAIM: means nothing without a key/),
    ])
  })
})

describe('the key of tokens', () => {
  test('is one, not two', () => {
    expect(faultsOf({ ...withKey, JWT_JWKS_URI: 'https://issuer.example/jwks' })).toEqual([
      expect.stringMatching(/^JWT_PUBLIC_KEY: is set beside JWT_JWKS_URI/),
    ])
  })

  test('comes with issuer and audience', () => {
    expect(faultsOf({ JWT_PUBLIC_KEY: key.publicPem })).toEqual([
      expect.stringMatching(/^JWT_ISSUER: must be set with JWT_PUBLIC_KEY/),
      expect.stringMatching(/^JWT_AUDIENCE: must be set with JWT_PUBLIC_KEY/),
    ])
  })

  test.each([
    ['PEM on one line', key.publicPem.replaceAll('\n', '\\n')],
    ['a JWK', JSON.stringify(key.publicJwk)],
  ])('may be written as %s', (_, JWT_PUBLIC_KEY) => {
    expect(readConfig({ ...withKey, JWT_PUBLIC_KEY }).identity).toEqual(readConfig(withKey).identity)
  })

  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
  const bitcoin = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey
  test.each([
    ['a private key', key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), /private key/],
    ['a private JWK', JSON.stringify(key.privateKey.export({ format: 'jwk' })), /private key/],
    ['a shared secret', JSON.stringify({ kty: 'oct', k: 'c2VjcmV0' }), /shared secret/],
    ['a set of keys', JSON.stringify({ keys: [key.publicJwk] }), /set of keys.*JWT_JWKS_URI/],
    ['a short RSA key', weak.export({ type: 'spki', format: 'pem' }).toString(), /2048/],
    [
      'a curve that no token uses',
      bitcoin.export({ type: 'spki', format: 'pem' }).toString(),
      /no usable kind/,
    ],
    [
      'a broken PEM',
      '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----',
      /no public key that can be read/,
    ],
    ['a broken JWK', '{"kty":"EC"}', /no public key that can be read/],
    ['broken JSON', '{kty', /not JSON/],
    ['a password', 'hunter2', /neither a PEM public key .* nor a JWK/],
  ])('is not %s', (_, JWT_PUBLIC_KEY, why) => {
    const faults = faultsOf({ ...withKey, JWT_PUBLIC_KEY })
    expect(faults).toEqual([expect.stringMatching(/^JWT_PUBLIC_KEY: /)])
    expect(faults[0]).toMatch(why)
  })

  test.each(['HS256', 'none', 'ES256,HS512', 'es256', 'ES256K', ','])(
    'never serves algorithm %s',
    (JWT_ALGORITHMS) => {
      expect(faultsOf({ ...withKey, JWT_ALGORITHMS })).toEqual([
        expect.stringMatching(/^JWT_ALGORITHMS: must list/),
      ])
    },
  )

  test('fits the algorithms', () => {
    expect(faultsOf({ ...withKey, JWT_ALGORITHMS: 'ES256,RS256' })).toEqual([
      expect.stringMatching(
        /^JWT_ALGORITHMS: does not fit the key in JWT_PUBLIC_KEY, which can verify ES256$/,
      ),
    ])
  })

  test('may serve several algorithms, and claims of any depth', () => {
    const { identity } = readConfig({
      ...withKey,
      JWT_PUBLIC_KEY: issuerKey('RS256').publicPem,
      JWT_ALGORITHMS: 'RS256, PS256,RS256',
      JWT_USER_CLAIM: 'https://example.com/claims/user.id',
      JWT_ROLES_CLAIM: 'realm_access.roles',
    })
    expect(identity).toMatchObject({
      trust: {
        algorithms: ['RS256', 'PS256'],
        userClaim: ['https://example.com/claims/user.id'],
        rolesClaim: ['realm_access', 'roles'],
      },
    })
  })
})

describe('metrics', () => {
  test('are served nowhere, or on a port of their own', () => {
    expect(readConfig({ METRICS_PORT: '9464' }).metrics).toEqual({ host: '127.0.0.1', port: 9464 })
    expect(readConfig({ METRICS_PORT: '0', PORT: '0', METRICS_HOST: '::' }).metrics).toEqual({
      host: '::',
      port: 0,
    })
    expect(() => readConfig({ METRICS_PORT: '4001' })).toThrow('METRICS_PORT: is the same as PORT')
  })
})

describe('a transaction pooler', () => {
  const pooled = { ...withKey, DATABASE_URL: 'postgres://pooler.example/db', DATABASE_POOLER: 'transaction' }

  test('needs the direct address as well', () => {
    expect(faultsOf(pooled)).toEqual([expect.stringMatching(/^DATABASE_DIRECT_URL: must be set when/)])
    expect(faultsOf({ ...pooled, DATABASE_DIRECT_URL: pooled.DATABASE_URL })).toEqual([
      expect.stringMatching(/^DATABASE_DIRECT_URL: is the same as DATABASE_URL/),
    ])
    const { database } = readConfig({ ...pooled, DATABASE_DIRECT_URL: 'postgresql://db.example/db' })
    expect(database.server).toEqual({
      kind: 'external',
      url: 'postgres://pooler.example/db',
      directUrl: 'postgresql://db.example/db',
      pooler: 'transaction',
    })
  })

  test('means nothing before the embedded database', () => {
    expect(
      faultsOf({ DATABASE_POOLER: 'transaction', DATABASE_DIRECT_URL: 'postgres://db.example/db' }),
    ).toEqual([
      expect.stringMatching(/^DATABASE_DIRECT_URL: means nothing without DATABASE_URL/),
      expect.stringMatching(/^DATABASE_POOLER: means nothing without DATABASE_URL/),
    ])
  })
})

describe('faults', () => {
  const wrong = {
    NODE_ENV: 'prod-3fa8',
    HOST: 'http://host-3fa8',
    PORT: '65536-3fa8',
    ALLOWED_ORIGINS: 'https://origin-3fa8.example/',
    SHUTDOWN_TIMEOUT_MS: '-1-3fa8',
    DATABASE_URL: 'mysql://root:3fa8@db.example/presence',
    DATABASE_DIRECT_URL: 'postgres://root:3fa8#@db.example:port/presence',
    DATABASE_POOLER: 'session-3fa8',
    DATABASE_POOL_SIZE: '0',
    DATABASE_STATEMENT_TIMEOUT_MS: '5s-3fa8',
    DATABASE_LOCK_TIMEOUT_MS: '1e3-3fa8',
    DATABASE_CONNECT_TIMEOUT_MS: '٣3fa8',
    MIGRATE: 'yes-3fa8',
    JWT_JWKS_URI: 'https://user:3fa8@issuer.example/jwks',
    JWT_PUBLIC_KEY: '3fa8',
    JWT_ALGORITHMS: 'HS256-3fa8',
    JWT_USER_CLAIM: '.3fa8',
    JWT_ROLES_CLAIM: '3fa8..roles',
    BLOCKING_HIDES_BOTH_WAYS: 'true-3fa8',
    IDLE_AFTER_SECONDS: '5m-3fa8',
    AWAY_AFTER_SECONDS: '-3fa8',
    INTROSPECTION: '3fa8',
    GRAPHIQL: '3fa8',
    MAX_REPRESENTATIONS: 'many-3fa8',
    LOG_LEVEL: 'loud-3fa8',
  }

  test('are all told at once, each under the name of its setting', () => {
    const names = new Set(faultsOf(wrong).map((fault) => fault.slice(0, fault.indexOf(':'))))
    expect([...names].sort()).toEqual([...Object.keys(wrong), 'JWT_AUDIENCE', 'JWT_ISSUER'].sort())
  })

  test('never quote a value', () => {
    expect(() => readConfig(wrong)).toThrow(ConfigError)
    expect(faultsOf(wrong).join('\n')).not.toContain('3fa8')
  })

  test('name what is allowed instead', () => {
    expect(faultsOf({ LOG_LEVEL: 'loud', MIGRATE: 'yes', PORT: '70000' })).toEqual([
      'PORT: must be a whole number from 0 to 65535, written in digits alone',
      'MIGRATE: must be one of auto, check, off',
      'LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent',
    ])
  })

  test.each([
    '*',
    'null',
    'app.example',
    'https://app.example/',
    'https://app.example/path',
    'ftp://app.example',
    'https://APP.example',
  ])('an origin is not %s', (origin) => {
    expect(faultsOf({ ALLOWED_ORIGINS: `https://other.example,${origin}` })).toEqual([
      expect.stringMatching(/^ALLOWED_ORIGINS: must list exact origins/),
    ])
  })

  test.each(['127.0.0.1:4001', '[::1]', 'http://localhost', 'local host'])('a host is not %s', (HOST) => {
    expect(faultsOf({ ...withKey, HOST })).toEqual([
      expect.stringMatching(/^HOST: must be an address or a name/),
    ])
  })
})

test('nothing changes the configuration after it was read', () => {
  const config = readConfig(production)
  const parts: unknown[] = [config]
  for (const part of parts) {
    expect(Object.isFrozen(part)).toBe(true)
    parts.push(...Object.values(part as object).filter((member) => typeof member === 'object'))
  }
  expect(parts.length).toBeGreaterThan(10)
})

describe('a stop', () => {
  test('goes on serving in production, as long as a balancer takes to notice', () => {
    expect(readConfig(production).http.shutdownDelayMs).toBe(5000)
    expect(readConfig({ ...production, SHUTDOWN_DELAY_MS: '12000' }).http.shutdownDelayMs).toBe(12_000)
    expect(readConfig({ SHUTDOWN_DELAY_MS: '100' }).http.shutdownDelayMs).toBe(100)
  })
})
