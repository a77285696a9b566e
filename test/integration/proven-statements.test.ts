import { afterAll, beforeAll, expect, it } from 'vitest'
import { settleWhatHasEnded, forgetWhatIsOld, removeEndedSessions } from '../../src/application/sweep.ts'
import { explainSight } from '../../src/application/explain-sight.ts'
import { forgetTrail } from '../../src/application/forget-trail.ts'
import { NOT_THE_PRIMARY, prove } from '../../src/postgres/proof.ts'
import { EXAMPLES } from '../support/authorization-examples.ts'
import { countStatements } from '../support/count-statements.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { POLICY } from '../support/policy.ts'
import { postgresStorage, type PostgresStorage } from '../support/postgres-storage.ts'
import { askGraphQL, postGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'
import type { Told } from '../support/told.ts'
import { ask, connect } from '../support/web-socket-client.ts'

let database: TestDatabase
let app: TestApp
let storage: PostgresStorage

beforeAll(async () => {
  database = await createTestDatabase()
  app = await startApp(database)
  storage = await postgresStorage(database)
})
afterAll(async () => {
  await storage.close()
  await app.stop()
})

/** Statements that read what is stored and prove nothing, each with the reason for which that is right. */
const WITHOUT_PROOF: Readonly<Record<string, string>> = {
  lockChangedClass:
    'TypeORM locks a row by it, which a standby refuses, in a transaction that beginAct has proved',
}

const READS = /\b(from|join)\s+"?presence_privacy"?\./
const WRITES = /\b(insert into|update|delete from)\s+"?presence_privacy"?\./i

it('every statement that reaches PostgreSQL, and reads what is stored, proves that its server is the primary', async () => {
  const sent = countStatements()
  const roles = ['administrator', 'service', 'auditor']
  const as = async (user: string, query: string, variables: Told = {}): Promise<Told> =>
    askGraphQL<Told>(app.url, { query, variables, token: await tokenOf(user) })
  for (const [operation, example] of Object.entries(EXAMPLES)) {
    const pia = newUser('pia')
    const variables = (await example.variables?.({ pia, as })) ?? {}
    const token = await tokenOf(pia, { roles })
    if (operation.startsWith('Subscription.')) {
      const client = await connect(app.webSocketUrl, token)
      await ask(client, example.document, variables)
      await client.close()
    } else await postGraphQL(app.url, { query: example.document, variables, token })
  }
  await everyFieldOfOnesOwn(newUser('pia'))
  await behindTheApi()
  sent.stop()

  const texts = [...new Set(sent.texts())]
  const reading = texts.filter((text) => READS.test(text))
  expect(reading.length).toBeGreaterThan(30)
  const unproven = reading
    .filter((text) => !text.includes(NOT_THE_PRIMARY) && !WRITES.test(text))
    .map((text) => /\/\* ([\w.]+) \*\//.exec(text)?.[1] ?? text)
  expect(unproven.filter((name) => !(name in WITHOUT_PROOF))).toEqual([])
})

it('a statement that reads what is stored and proves nothing is not sent', async () => {
  const forgotten = '/* forgotten */ select id from presence_privacy.users'
  expect(() => prove(forgotten, 0, null)).toThrow('put PROVEN into forgotten')
  await expect(async () => storage.database.query(forgotten, [])).rejects.toThrow('put PROVEN into forgotten')
})

async function everyFieldOfOnesOwn(pia: string): Promise<void> {
  const page = '(first: 1) { nodes { __typename } }'
  const token = await tokenOf(pia)
  const lists = [
    'incomingRequests',
    'outgoingRequests',
    'notices',
    'decisions',
    'visibleTo',
    'contacts',
    'trail',
  ]
  for (const list of lists) {
    const { errors } = await postGraphQL(app.url, { query: `{ presencePrivacy { ${list}${page} } }`, token })
    expect(errors, list).toEqual([])
  }
  const query = `{ presencePrivacyAdministration { classesOfService { assignedUsers } classOfService(name: "default") { isDefault } user(id: "x") { presenceServer } site { presenceServer } } }`
  const { errors } = await postGraphQL(app.url, {
    query,
    token: await tokenOf(pia, { roles: ['administrator'] }),
  })
  expect(errors).toEqual([])
}

/** Sweeps, and the operator's own questions. */
async function behindTheApi(): Promise<void> {
  const { privacy: store, leftovers, trail, acts } = storage
  const { signal } = new AbortController()
  await settleWhatHasEnded({ store, leftovers }, signal)
  await forgetWhatIsOld({ leftovers, retention: { requestsMs: 1 } }, signal)
  await removeEndedSessions({ leftovers }, signal)
  await forgetTrail({ trail, acts, keptMs: 1 }, signal)
  await storage.sessions.sessionsOf([newUser()])
  const actor = { kind: 'ADMINISTRATOR', id: newUser('root') } as const
  await explainSight({ ...storage, ...POLICY }, { actor, presentity: newUser(), watcher: newUser() })
}
