import { readFileSync } from 'node:fs'
import type { GraphQLSchema } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSchema } from '../../src/graphql/schema.ts'
import { CALLERS, EXAMPLES, type Caller, type Example } from '../support/authorization-examples.ts'
import { countStatements } from '../support/count-statements.ts'
import { createTestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { askGraphQL, postGraphQL, type GraphQLFault } from '../support/post-graphql.ts'
import { RulesDocument } from '../support/rules-document.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'
import { epochSeconds } from '../support/token-issuer.ts'
import type { Told } from '../support/told.ts'
import { ask, openSocket } from '../support/web-socket-client.ts'

const OPERATIONS = operationsOf(createSchema({ maxRepresentations: 1 }))

const document = readFileSync(new URL('../../docs/authorization.md', import.meta.url), 'utf8')
const expected = new RulesDocument(document).matrix('Operations', { rows: OPERATIONS, columns: CALLERS })

let app: TestApp

beforeAll(async () => {
  app = await startApp(await createTestDatabase())
})
afterAll(() => app.stop())

describe('every operation of the schema', () => {
  it('has an example here and a row in docs/authorization.md', () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual([...OPERATIONS].sort())
  })

  describe.each(OPERATIONS)('%s', (operation) => {
    const example = EXAMPLES[operation]!
    const transports = operation.startsWith('Subscription.') ? [overWebSocket] : [overHttp, overWebSocket]

    it.each(CALLERS)('answers %s as the document says', async (caller) => {
      for (const transport of transports) {
        // The SDL is for whoever composes; a socket is opened by somebody.
        const outcome = expected[operation]![caller]
        const anonymous = outcome === 'allowed' && ['nobody', 'no user', 'expired'].includes(caller)
        if (anonymous && transport === overWebSocket) continue
        expect(await outcomeOf(example, caller, transport), transport.name).toBe(outcome)
      }
    })
  })
})

/** Root fields by their coordinates; of entities, the fields of their types, which is what `_entities` is asked for. */
function operationsOf(schema: GraphQLSchema): readonly string[] {
  const types = [
    schema.getQueryType(),
    schema.getMutationType(),
    schema.getSubscriptionType(),
    schema.getType('User'),
  ]
  return types
    .flatMap((type) => {
      if (type == null || !('getFields' in type)) throw new Error('the schema lacks a type')
      return Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)
    })
    .filter((operation) => operation !== 'Query._entities')
}

type Sent = { readonly query: string; readonly variables: Told; readonly token: string | undefined }
type Answer = { readonly data: Told | null; readonly errors: readonly GraphQLFault[] }

async function outcomeOf(
  example: Example,
  caller: Caller,
  transport: (sent: Sent) => Promise<Answer>,
): Promise<string> {
  const pia = newUser('pia')
  const id = caller === 'user' || caller === 'expired' ? pia : newUser(caller.replace(' ', '-'))
  const as = async (user: string, query: string, variables: Told = {}): Promise<Told> =>
    askGraphQL<Told>(app.url, { query, variables, token: await tokenOf(user) })
  const variables = (await example.variables?.({ pia, as })) ?? {}
  const token = await tokenFor(caller, id)

  const statements = countStatements()
  try {
    const { data, errors } = await transport({ query: example.document, variables, token })
    const [fault] = errors
    if (fault !== undefined) {
      expect(statements.texts(), 'nothing is done for whoever is refused').toEqual([])
      return String(fault.extensions?.code)
    }
    return example.outcome?.(data!, { pia, caller: id }) ?? 'allowed'
  } finally {
    statements.stop()
  }
}

async function tokenFor(caller: Caller, id: string): Promise<string | undefined> {
  switch (caller) {
    case 'nobody':
      return undefined
    case 'user':
    case 'other user':
      return tokenOf(id)
    case 'administrator':
    case 'service':
    case 'auditor':
      return tokenOf(id, { roles: [caller] })
    case 'no user':
      return tokenOf(id, { sub: undefined, roles: ['administrator', 'service', 'auditor'] })
    case 'expired':
      return tokenOf(id, { exp: epochSeconds() - 3600, roles: ['administrator', 'service', 'auditor'] })
  }
}

async function overHttp({ query, variables, token }: Sent): Promise<Answer> {
  return postGraphQL(app.url, { query, variables, ...(token !== undefined && { token }) })
}

/** Closed with these codes, a socket has told its client the same as the error of that name. */
const UNAUTHENTICATED_CLOSES = [4401, 4403]

async function overWebSocket({ query, variables, token }: Sent): Promise<Answer> {
  const client = await openSocket(app.webSocketUrl)
  try {
    client.send({
      type: 'connection_init',
      ...(token !== undefined && { payload: { authorization: `Bearer ${token}` } }),
    })
    const first = await Promise.race([client.next().catch(() => null), client.closed.then(() => null)])
    if (first === null) {
      const { code } = await client.closed
      expect(UNAUTHENTICATED_CLOSES).toContain(code)
      return { data: null, errors: [{ message: '', extensions: { code: 'UNAUTHENTICATED' } }] }
    }
    expect(first.type).toBe('connection_ack')
    const { type, payload } = await ask(client, query, variables)
    if (type === 'error') return { data: null, errors: payload as GraphQLFault[] }
    expect(type).toBe('next')
    const { data = null, errors = [] } = payload as { data?: Told | null; errors?: GraphQLFault[] }
    return { data, errors }
  } finally {
    await client.close()
  }
}
