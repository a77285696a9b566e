import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'
import type { Random } from './random.ts'

export type GeneratedOperation = {
  readonly query: string
  readonly variables: unknown
  readonly operationName?: unknown
}

const LONG = 60_000
const STRANGE_TEXTS = [
  '',
  '\u0000',
  '\ud83d',
  'é'.repeat(300),
  '"',
  '__proto__',
  'wim',
  '😀',
  '\u{E0041}',
  '9007199254740993',
]

/** Operations on a schema: valid, nearly valid, and such as nobody would send who means well. */
export function documentsOf(schema: GraphQLSchema): (random: Random) => GeneratedOperation {
  return (random) => {
    const hostile = random.below(10)
    if (hostile === 0) return hostileOperation(random)
    const operation = validOperation(schema, random)
    return hostile <= 3 ? { ...operation, query: nearly(operation.query, random) } : operation
  }
}

function validOperation(schema: GraphQLSchema, random: Random): GeneratedOperation {
  const kind = random.pick(['query', 'query', 'query', 'mutation', 'subscription'] as const)
  const root = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  }[kind]
  const variables: Record<string, unknown> = {}
  const definitions: string[] = []
  const budget = { fields: 1 + random.size(kind === 'query' ? 300 : 20) }

  const argumentOf = (name: string, type: GraphQLInputType): string => {
    if (!random.once(3)) return `${name}: ${literal(type, random, 0)}`
    const variable = `v${definitions.length}`
    definitions.push(`$${variable}: ${String(type)}`)
    variables[variable] = valueOf(type, random, 0)
    return `${name}: $${variable}`
  }

  const selection = (type: GraphQLNamedType, depth: number): string => {
    if (isUnionType(type) || isInterfaceType(type)) {
      const object = random.pick(schema.getPossibleTypes(type))
      return ` { __typename ... on ${object.name}${selection(object, depth + 1) || ' { __typename }'} }`
    }
    if (!isObjectType(type)) return ''
    const all = Object.values(type.getFields())
    const chosen: string[] = []
    const wanted = depth === 0 && kind === 'subscription' ? 1 : 1 + random.below(5)
    for (let count = 0; count < wanted && budget.fields > 0; count++) {
      const field = random.pick(all)
      const named = getNamedType(field.type)
      if (depth > 6 && !isLeaf(named)) continue
      budget.fields -= 1
      const args = field.args.filter(
        ({ type: of, defaultValue }) => (isNonNullType(of) && defaultValue === undefined) || random.once(2),
      )
      const given =
        args.length === 0 ? '' : `(${args.map(({ name, type: of }) => argumentOf(name, of)).join(', ')})`
      const alias = random.once(3) ? `a${random.below(20)}: ` : ''
      const directive = random.once(15)
        ? ` @${random.pick(['skip', 'include'])}(if: ${random.pick(['true', 'false'])})`
        : ''
      chosen.push(`${alias}${field.name}${given}${directive}${selection(named, depth + 1)}`)
    }
    return ` { ${chosen.length === 0 ? '__typename' : chosen.join(' ')} }`
  }

  const body = root ? selection(root, 0) : ' { __typename }'
  const declared = definitions.length === 0 ? '' : `(${definitions.join(', ')})`
  return { query: `${kind} Fuzz${declared}${body}`, variables: random.once(20) ? junk(random, 0) : variables }
}

function isLeaf(type: GraphQLNamedType): boolean {
  return !isObjectType(type) && !isUnionType(type) && !isInterfaceType(type)
}

/** A value of a type, or now and then one that is not. */
function valueOf(type: GraphQLInputType, random: Random, depth: number): unknown {
  if (random.once(25)) return junk(random, depth)
  if (isNonNullType(type)) return valueOf(type.ofType, random, depth)
  if (random.once(12)) return null
  if (isListType(type)) {
    const length = random.once(40) ? random.size(20_000) : random.below(4)
    return Array.from({ length }, () => valueOf(type.ofType, random, depth + 1))
  }
  if (isEnumType(type)) return random.pick(type.getValues()).name
  if (isInputObjectType(type)) {
    return Object.fromEntries(
      Object.values(type.getFields())
        .filter(({ type: of }) => isNonNullType(of) || random.once(2))
        .map(({ name, type: of }) => [name, depth > 5 ? null : valueOf(of, random, depth + 1)]),
    )
  }
  switch (type.name) {
    case 'Int':
      return random.pick([0, 1, 50, 500, 501, -1, 2 ** 31, 1.5])
    case 'Boolean':
      return random.once(2)
    case 'DateTime':
      return random.pick(['2030-01-01T00:00:00Z', '2020-01-01', 'never', '9999-12-31T23:59:59.999Z'])
    case '_Any':
      return {
        __typename: random.pick(['User', 'User', 'Nobody', '__proto__']),
        id: random.pick([`fuzz-${random.below(50)}`, 42, null, random.pick(STRANGE_TEXTS)]),
      }
    default:
      return random.once(5)
        ? random.pick(STRANGE_TEXTS)
        : random.once(200)
          ? 'x'.repeat(random.size(500_000))
          : `fuzz-${random.below(50)}`
  }
}

function literal(type: GraphQLInputType, random: Random, depth: number): string {
  try {
    return inGraphQL(valueOf(type, random, depth), getNamedType(type))
  } catch {
    // It nests too deep to be written by a function that recurses.
    return `${'['.repeat(3000)}${']'.repeat(3000)}`
  }
}

function inGraphQL(value: unknown, type: GraphQLNamedType): string {
  if (Array.isArray(value)) return `[${value.map((item) => inGraphQL(item, type)).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = isInputObjectType(type) ? type.getFields() : {}
    const members = Object.entries(value).map(([name, member]) => {
      const field = fields[name]
      return `${name}: ${inGraphQL(member, field ? getNamedType(field.type) : type)}`
    })
    return `{ ${members.join(', ')} }`
  }
  return typeof value === 'string' && isEnumType(type) ? value : JSON.stringify(value)
}

/** Anything that JSON can say. */
export function junk(random: Random, depth: number): unknown {
  switch (random.below(depth > 4 ? 5 : 8)) {
    case 0:
      return null
    case 1:
      return random.pick([0, -0, 1e308, -1, 2 ** 53, 0.1])
    case 2:
      return random.pick(STRANGE_TEXTS)
    case 3:
      return random.once(2)
    case 4:
      return 'x'.repeat(random.size(depth === 0 ? LONG : 200))
    case 5:
      return Array.from({ length: depth === 0 ? random.size(2000) : random.below(5) }, () =>
        random.once(10) ? junk(random, depth + 1) : null,
      )
    case 6: {
      let nested: unknown = null
      for (let level = random.size(3000); level > 0; level--)
        nested = random.once(2) ? [nested] : { a: nested }
      return nested
    }
    default:
      return Object.fromEntries(
        Array.from({ length: depth === 0 ? random.size(500) : random.below(5) }, (_, at) => [
          random.once(20) ? random.pick(STRANGE_TEXTS) : `k${at}`,
          random.once(10) ? junk(random, depth + 1) : at,
        ]),
      )
  }
}

/** What makes parsers and validators work: deep, wide, repeated, spread, long. */
function hostileOperation(random: Random): GeneratedOperation {
  const times = 1 + random.size(4000)
  const repeat = (of: (at: number) => string): string =>
    Array.from({ length: times }, (_, at) => of(at)).join(' ')
  const entities = '_entities(representations: $r)'
  const query = random.pick<() => string>([
    () => `{ ${'a { '.repeat(times)}b${' }'.repeat(times)} }`,
    () => `{ ${'presencePrivacy { '.repeat(times)}__typename${' }'.repeat(times)} }`,
    () =>
      `query($r: [_Any!]!) { ${repeat((at) => `a${at}: ${entities} { ...F }`)} } fragment F on User { presence { status note activity } }`,
    () => `{ ${repeat((at) => `a${at}: __typename`)} }`,
    () => `{ ${repeat(() => '__typename')} }`,
    () => `{ __typename ${repeat(() => '@skip(if: false)')} }`,
    () => `{ ...F0 } ${repeat((at) => `fragment F${at} on Query { ...F${at + 1} ...F${at + 1} }`)}`,
    () => `{ ...F } fragment F on Query { ...F ${repeat(() => '...F')} }`,
    () => `query(${repeat((at) => `$v${at}: Int`)}) { __typename }`,
    () => `query($r: [_Any!]!) { ${entities} { __typename } }`,
    () => `{ ${'x'.repeat(times * 100)} }`,
    () => `{ a(b: ${'['.repeat(times)}${']'.repeat(times)}) }`,
    () => `{ a(b: ${'{a:'.repeat(times)}1${'}'.repeat(times)}) }`,
    () => `{ a(b: "${'\\u0041'.repeat(times)}") }`,
    () => `{ a(b: """${'\n '.repeat(times)}""") }`,
    () => `query A { __typename } ${repeat((at) => `query A${at} { __typename }`)}`,
    () => `{ __schema { ${'types { fields { type { '.repeat(5)}name${' } } }'.repeat(5)} } }`,
    () => `${'#'.repeat(times)}\n{ __typename }${'\n'.repeat(times)}`,
    () => `query($a: ${'['.repeat(times)}Int${']'.repeat(times)}) { __typename }`,
    () => `subscription { presenceUpdates @skip(if: ${random.pick(['true', 'false'])}) { change } }`,
    () => `{ ... on Query { `.repeat(times) + '__typename' + ' } }'.repeat(times),
  ])()
  const list = Array.from({ length: random.once(3) ? random.size(200_000) : 5 }, () => null)
  const variables = random.pick<unknown>([
    {},
    { r: list },
    { r: [{ __typename: 'User', id: 'fuzz-1' }] },
    junk(random, 0),
  ])
  return { query, variables, ...(random.once(10) && { operationName: 'x'.repeat(random.size(LONG)) }) }
}

/** One small thing is wrong. */
function nearly(query: string, random: Random): string {
  const at = random.below(query.length)
  switch (random.below(5)) {
    case 0:
      return query.slice(0, at) + query.slice(at + 1 + random.below(10))
    case 1:
      return (
        query.slice(0, at) +
        random.pick(['{', '}', '(', ')', '$', '@', '!', '"', '"""', '...', '\u0000', '\ufeff', 'é']) +
        query.slice(at)
      )
    case 2:
      return query.slice(0, at)
    case 3:
      return query.replace(/\w+/g, (word) => (random.once(10) ? `${word}x` : word))
    default:
      return query + query.slice(0, at)
  }
}
