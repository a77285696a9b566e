import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { execute, Kind, OperationTypeNode, type ExecutionResult } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { Unavailable, type FactsReader } from '../../../src/application/ports.ts'
import { decideAccess } from '../../../src/application/manage-decisions.ts'
import { publishPresence } from '../../../src/application/publish-presence.ts'
import { requestAccess } from '../../../src/application/request-access.ts'
import type { UserId } from '../../../src/domain/user-id.ts'
import { compiledOperations } from '../../../src/graphql/compiled-operations.ts'
import { createContext, type GraphQLContext, type Services } from '../../../src/graphql/context.ts'
import { formatError } from '../../../src/graphql/format-error.ts'
import { createGate } from '../../../src/graphql/gate.ts'
import { createSchema } from '../../../src/graphql/schema.ts'
import { arbitraryQueries } from '../../support/arbitrary-queries.ts'
import { memoryStorage } from '../../support/memory-storage.ts'
import { POLICY } from '../../support/policy.ts'

const MAX_REPRESENTATIONS = 10
/** More than it takes until an operation is compiled. */
const TIMES = 6
/** More than the largest takes. */
const MOST_USES = 100

const schema = createSchema({ maxRepresentations: MAX_REPRESENTATIONS })
const gate = createGate(schema, { introspection: false })
const codeOf = compiledOperations(schema)
const isCompiled = compiledOperations(schema)

const [alice, bob, carol, dora] = ['alice', 'bob', 'carol', 'dora'] as UserId[]
const caller = { userId: alice!, roles: new Set<never>(), expiresAt: Infinity }
const storage = memoryStorage()
const services = {
  ...storage,
  store: storage.privacy,
  as: () => ({}),
  ...POLICY,
} as unknown as Services

beforeAll(async () => {
  const said = {
    session: 'desk',
    status: 'BUSY',
    activity: 'IN_A_CALL',
    note: 'back "soon"',
    leaseMs: 3_600_000,
  } as const
  for (const user of [alice, bob, carol]) await publishPresence(storage, { user: user!, ...said })
  await requestAccess(storage.privacy, {
    watcher: alice!,
    presentities: [bob!, carol!, dora!],
    trigger: 'CALL',
    addToContacts: true,
  })
  await requestAccess(storage.privacy, {
    watcher: dora!,
    presentities: [alice!],
    trigger: 'DIRECT',
    addToContacts: false,
  })
  await decideAccess(storage.privacy, {
    presentity: bob!,
    watchers: [alice!],
    verdict: 'ALLOWED',
    endsAt: null,
  })
  await decideAccess(storage.privacy, {
    presentity: carol!,
    watchers: [alice!],
    verdict: 'BLOCKED',
    endsAt: null,
  })
})

type Operation = Parameters<typeof codeOf>[0] & { readonly variables: Record<string, unknown> | null }

/** What code does not answer, or not without an error, is executed as Apollo Server does it. */
async function run(operation: Operation, context: GraphQLContext): Promise<ExecutionResult> {
  const result = await codeOf(operation)?.(context, operation.variables)
  return result === undefined || result.errors !== undefined
    ? interpret(operation, context.forAnotherTry())
    : result
}

function interpret({ document, operationName, variables: variableValues }: Operation, contextValue: unknown) {
  return execute({ schema, document, operationName, variableValues, contextValue })
}

/** As clients are told it. */
function told({ data, errors }: ExecutionResult): string {
  return JSON.stringify({ data, errors: errors?.map((error) => formatError(error, { suggestions: false })) })
}

/**
 * Errors come in the order in which fields end, which is left to chance. Where nothing is left of an answer, graphql-js tells those that came until
 * then.
 */
function expectSame(ran: string, interpreted: string, query: string): void {
  const [one, other] = [JSON.parse(ran), JSON.parse(interpreted)] as { data: unknown; errors?: unknown[] }[]
  expect(JSON.stringify(one!.data), query).toBe(JSON.stringify(other!.data))
  const [fewer, more] = [one!.errors ?? [], other!.errors ?? []].sort((a, b) => a.length - b.length)
  expect(more, query).toEqual(expect.arrayContaining(fewer!))
  if (other!.data !== null) expect(fewer, query).toHaveLength(more!.length)
}

async function answers(
  operation: Operation,
  of: Services = services,
  who: Parameters<typeof createContext>[1] = caller,
) {
  const interpreted = told(await interpret(operation, createContext(of, who)))
  const ran: string[] = []
  for (let times = 0; times < TIMES; times += 1) {
    // Large operations are compiled after more uses.
    if (times === TIMES - 1) usesUntil(codeOf, operation)
    ran.push(told(await run(operation, createContext(of, who))))
  }
  return { interpreted, ran: new Set(ran) }
}

function admitted(
  query: string,
  variables: Record<string, unknown> | null = null,
  operationName: string | null = null,
) {
  const document = gate.admit(query)
  return 'errors' in document ? undefined : { document, operationName, variables }
}

/** Whether it is compiled once it has come often enough. */
function becomesCompiled(operation: Operation): boolean {
  return usesUntil(isCompiled, operation) < Infinity
}

function usesUntil(code: typeof codeOf, operation: Operation): number {
  for (let uses = 0; uses < MOST_USES; uses += 1) if (code(operation) !== null) return uses
  return Infinity
}

const user = (id: unknown) => ({ __typename: 'User', id })
const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on User { id presence { status activity note } presenceAccess canBeMessaged } } }`

describe('an operation that comes again and again', () => {
  it('is answered as graphql-js answers it, whatever it selects and whatever is asked with it', async () => {
    const representation = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('alice', 'bob', 'carol', 'dora', 'nobody').map(user) },
      {
        weight: 1,
        arbitrary: fc.constantFrom<unknown>(user(''), user(7), { __typename: 'Group', id: 'bob' }, {}, null),
      },
    )
    const variables = fc.record(
      {
        representations: fc.oneof(
          { weight: 9, arbitrary: fc.array(representation, { maxLength: 7 }) },
          { weight: 1, arbitrary: fc.constantFrom<unknown>(null, 'bob', user('bob')) },
        ),
        first: fc.constantFrom<unknown>(1, 3, 0, 501, null, 'two', 2 ** 31),
      },
      { requiredKeys: [] },
    )
    let compiled = 0
    await fc.assert(
      fc.asyncProperty(
        arbitraryQueries(schema),
        fc.array(variables, { minLength: 1, maxLength: 3 }),
        async (query, asked) => {
          for (const each of asked) {
            const operation = admitted(query, each, 'Q')
            fc.pre(operation !== undefined)
            const { interpreted, ran } = await answers(operation)
            for (const each of ran) expectSame(each, interpreted, query)
            compiled += Number(becomesCompiled(operation))
          }
        },
      ),
      { numRuns: 100 },
    )
    expect(compiled).toBeGreaterThan(50)
  })

  it('is answered so if it is one of the documentation', async () => {
    const folder = join(import.meta.dirname, '../../../docs')
    const files = [...readdirSync(folder).map((file) => join(folder, file)), join(folder, '../README.md')]
    const blocks = files
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/```graphql\n(.*?)```/gs)].map((found) => found[1]!),
      )
    let queries = 0
    for (const block of blocks) {
      const operation = admitted(block)
      if (operation === undefined) continue
      for (const definition of operation.document.definitions) {
        if (definition.kind !== Kind.OPERATION_DEFINITION || definition.operation !== OperationTypeNode.QUERY)
          continue
        const { interpreted, ran } = await answers({
          ...operation,
          operationName: definition.name?.value ?? null,
        })
        expect([...ran], block).toEqual([interpreted])
        queries += 1
      }
    }
    expect(queries).toBeGreaterThan(3)
  })

  it.each([
    ['somebody whom nothing is asked about', [user('bob'), user('')]],
    ['one too many', Array.from({ length: MAX_REPRESENTATIONS + 1 }, () => user('bob'))],
    ['nobody', []],
    ['another type', [{ __typename: 'Group', id: 'bob' }]],
  ])('is refused with the same words where it asks for %s', async (_, representations) => {
    const operation = admitted(ENTITIES, { representations })!
    const { interpreted, ran } = await answers(operation)
    expect([...ran]).toEqual([interpreted])
    expect(becomesCompiled(operation)).toBe(true)
  })

  it('counts what is asked for once, though it is executed again for its errors', async () => {
    const representations = [...Array.from({ length: MAX_REPRESENTATIONS - 1 }, () => user('bob')), user('')]
    const { ran } = await answers(admitted(ENTITIES, { representations })!)
    expect([...ran].join()).not.toContain('TOO_MANY_REPRESENTATIONS')
    expect([...ran].join()).toContain('"status":"BUSY"')
  })

  it('asks a store that fails once, and tells each field so', async () => {
    let reads = 0
    const facts = {
      readSight: () => {
        reads += 1
        return Promise.reject(new Unavailable('unplugged'))
      },
    } as unknown as FactsReader
    const operation = admitted(ENTITIES, { representations: [user('bob'), user('carol')] })!
    const { interpreted, ran } = await answers(operation, { ...services, factsAs: () => facts })
    expect([...ran]).toEqual([interpreted])
    expect(interpreted).toContain('PRESENCE_UNAVAILABLE')
    expect(reads).toBe(1 + TIMES)
  })

  it('is answered so for whoever sends no token', async () => {
    const operation = admitted(ENTITIES, { representations: [user('bob')] })!
    const { interpreted, ran } = await answers(operation, services, { reason: 'missing' })
    expect([...ran]).toEqual([interpreted])
    expect(interpreted).toContain('UNAUTHENTICATED')
  })

  it('is compiled only where executing it once more changes nothing, and where nothing of it is a text of the client', () => {
    const compiled = (query: string) => becomesCompiled(admitted(query)!)
    expect(compiled('{ presencePrivacy { user { id } } }')).toBe(true)
    expect(compiled('mutation { withdrawPresenceRequest(input: { requestId: "a" }) { outcome } }')).toBe(
      false,
    )
    expect(compiled('{ presencePrivacyAudit { trail(first: 1) { nodes { cause } } } }')).toBe(false)
    expect(compiled('{ presencePrivacy { contacts(first: 1, after: "a") { totalCount } } }')).toBe(false)
    expect(
      compiled('query ($a: Boolean!) { presencePrivacy { user @skip(if: $a) { id } __typename } }'),
    ).toBe(false)
    expect(compiled('{ presencePrivacy { __proto__: appearsOffline } }')).toBe(false)
  })

  it('has code of its own, though another one stands in the same document', async () => {
    const both =
      'query One { presencePrivacy { user { id } } } query Two { presencePrivacy { appearsOffline } }'
    for (const name of ['One', 'Two', 'One']) {
      const operation = admitted(both, null, name)!
      const { interpreted, ran } = await answers(operation)
      expect([...ran]).toEqual([interpreted])
      expect(becomesCompiled(operation)).toBe(true)
    }
    expect(becomesCompiled(admitted(both, null, 'Three')!)).toBe(false)
    expect(becomesCompiled(admitted(both)!)).toBe(false)
  })

  it('is compiled when the uses before have weighed as much as that takes', () => {
    const fields = (count: number) =>
      admitted(
        `{ presencePrivacy { ${Array.from({ length: count - 1 }, (_, place) => `c${count}_${place}: appearsOffline`).join(' ')} } }`,
      )!
    expect(usesUntil(isCompiled, fields(15))).toBe(3)
    expect(usesUntil(isCompiled, fields(250))).toBe(50)
  })

  it('is compiled up to 300 fields, with fragments written out, however few characters they are', () => {
    const presences = (count: number) =>
      Array.from({ length: count }, (_, index) => `p${index}: presence { status }`).join(' ')
    const aliased = (aliases: number, count: number) =>
      `query ($r: [_Any!]!) { ${Array.from({ length: aliases }, (_, index) => `a${index}: _entities(representations: $r) { ...F }`).join(' ')} } fragment F on User { ${presences(count)} }`
    expect(becomesCompiled(admitted(aliased(10, 14))!)).toBe(true)
    expect(becomesCompiled(admitted(aliased(11, 14))!)).toBe(false)
    expect(becomesCompiled(admitted(aliased(64, 14))!)).toBe(false)
  })
})
