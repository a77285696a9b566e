import { execFileSync } from 'node:child_process'
import { buildSchema, lexicographicSortSchema, printSchema } from 'graphql'
import { describe, expect, test } from 'vitest'
import { ACCOUNTS_SDL } from '../../demo/accounts.ts'
import { COMPOSERS, type ComposedService } from './compose.ts'

const ROOT = new URL('../..', import.meta.url)

const services = [
  { name: 'accounts', url: 'http://127.0.0.1/accounts', sdl: ACCOUNTS_SDL },
  { name: 'presence', url: 'http://127.0.0.1/presence', sdl: printedSdl() },
]

function printedSdl(): string {
  return execFileSync('npm', ['run', '-s', 'schema'], { cwd: ROOT, encoding: 'utf8' })
}

describe.each(Object.entries(COMPOSERS))('%s', (_name, compose) => {
  const { api, remarks } = compose(services)
  const schema = buildSchema(api)

  test('composes this subgraph with the one that owns users, and has nothing to remark', () => {
    expect(remarks).toEqual([])
  })

  test('shows one User, with the name of the one and the presence of the other', () => {
    expect(fieldsOf('User')).toMatchObject({
      id: 'ID!',
      name: 'String!',
      presence: 'Presence',
      presenceAccess: 'PresenceAccess',
    })
  })

  test('shows the fixed names of this subgraph', () => {
    expect(fieldsOf('Query')).toMatchObject({ presencePrivacy: 'PresencePrivacy!' })
    expect(fieldsOf('Mutation')).toMatchObject({
      requestPresenceAccess: 'RequestPresenceAccessPayload!',
      respondToRequests: 'RespondToRequestsPayload!',
    })
    expect(fieldsOf('Subscription')).toEqual({
      incomingPresenceRequests: 'IncomingPresenceRequestsEvent!',
      presenceUpdates: 'PresenceUpdate!',
    })
  })

  test('keeps the machinery of federation out of what clients see', () => {
    expect(Object.keys(fieldsOf('Query')).filter((name) => name.startsWith('_'))).toEqual([])
  })

  function fieldsOf(typeName: string): Record<string, string> {
    const type = schema.getType(typeName)
    if (type === undefined || !('getFields' in type)) return {}
    return Object.fromEntries(
      Object.entries(type.getFields()).map(([name, field]) => [name, String(field.type)]),
    )
  }
})

/** A subgraph of a graph that had pages and moments before. */
function catalogue(pageInfo: string): ComposedService {
  return {
    name: 'catalogue',
    url: 'http://127.0.0.1/catalogue',
    sdl: `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@shareable"])
      type Query { books: BookConnection! }
      type BookConnection { titles: [String!]! publishedAt: DateTime pageInfo: PageInfo! }
      scalar DateTime
      ${pageInfo}`,
  }
}

const FIELDS = {
  hasNextPage: 'Boolean!',
  hasPreviousPage: 'Boolean!',
  startCursor: 'String',
  endCursor: 'String',
}
const pageInfoOf = (names: readonly (keyof typeof FIELDS)[], directive: string): string =>
  `type PageInfo ${directive} { ${names.map((name) => `${name}: ${FIELDS[name]}`).join(' ')} }`
const ALL = ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'] as const

describe.each(Object.entries(COMPOSERS))(
  '%s, with a subgraph that has PageInfo and DateTime of its own',
  (_name, compose) => {
    test('composes where that PageInfo is shareable and has all four fields', () => {
      const { api } = compose([...services, catalogue(pageInfoOf(ALL, '@shareable'))])
      expect(buildSchema(api).getType('BookConnection')).toBeDefined()
    })

    test('refuses a PageInfo that is not shareable, and names the directive', () => {
      expect(() => compose([...services, catalogue(pageInfoOf(ALL, ''))])).toThrow(/shareable/)
    })

    test('refuses a PageInfo that lacks a field of this one: a page of the other subgraph could not answer it', () => {
      expect(() =>
        compose([...services, catalogue(pageInfoOf(['hasNextPage', 'endCursor'], '@shareable'))]),
      ).toThrow(/hasPreviousPage/)
    })
  },
)

test('all composers show clients the same API', () => {
  const [first, ...others] = Object.values(COMPOSERS).map((compose) => undescribed(compose(services).api))
  for (const other of others) expect(other).toBe(first)
})

/** Composers pick and print descriptions and orders each in their own way. */
function undescribed(api: string): string {
  return printSchema(lexicographicSortSchema(buildSchema(api.replace(/"""[\s\S]*?"""/g, ''))))
}
