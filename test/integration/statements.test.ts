import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { acceptAllPending } from '../../src/application/accept-all-pending.ts'
import { addContactsAndAsk, removeContacts } from '../../src/application/manage-contacts.ts'
import { decideAccess, deleteDecisions } from '../../src/application/manage-decisions.ts'
import { viewOwnPresence } from '../../src/application/own-presence.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { renewPresence } from '../../src/application/renew-presence.ts'
import { reportAttempts } from '../../src/application/report-attempts.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { respondToRequests } from '../../src/application/respond-to-requests.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { settleWhatHasEnded } from '../../src/application/sweep.ts'
import { viewPresence } from '../../src/application/view-presence.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { causesOfOffline } from '../support/causes-of-offline.ts'
import { countStatements, type SentStatements } from '../support/count-statements.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { postgresStorage, type PostgresStorage } from '../support/postgres-storage.ts'
import { POLICY } from '../support/policy.ts'

let database: TestDatabase
let storage: PostgresStorage
let sent: SentStatements

beforeAll(async () => {
  database = await createTestDatabase()
  storage = await postgresStorage(database)
})
afterAll(() => storage.close())
beforeEach(() => {
  sent = countStatements()
})
afterEach(() => sent.stop())

it.each([1, 50, 500])('the presence of %i users takes exactly one statement', async (count) => {
  const watcher = newUser('watcher')
  const presentities = Array.from({ length: count }, () => newUser())
  await requestAccess(storage.privacy, {
    watcher,
    presentities: presentities.slice(0, count / 2),
    trigger: 'CALL',
    addToContacts: false,
  })
  const before = sent.texts().length

  const seen = await viewPresence({ ...storage, ...POLICY }, { watcher, presentities })

  expect(seen.size).toBe(count)
  expect(sent.texts()).toHaveLength(before + 1)
  expect(sent.callers().at(-1)).toBe('viewPresence')
})

it('a device that is there publishes and renews in two round trips; one that begins reads its class with the lock', async () => {
  const pia = newUser('pia')
  const said = { status: 'BUSY', activity: null, note: null, leaseMs: 60_000 } as const
  const costs = [
    () => publishPresence(storage, { user: pia, session: null, ...said }),
    () => publishPresence(storage, { user: pia, session: 'desk', ...said }),
    () => publishPresence(storage, { user: pia, session: 'desk', ...said }),
    () => publishPresence(storage, { user: pia, session: 'desk', ...said, note: 'news' }),
    () => renewPresence(storage.sessions, { user: pia, session: 'desk', leaseMs: 60_000, inactiveForMs: 0 }),
    () => renewPresence(storage.sessions, { user: pia, session: 'gone', leaseMs: 60_000, inactiveForMs: 0 }),
  ]
  const callers: (readonly string[])[] = []
  for (const act of costs) {
    const before = sent.callers().length
    await act()
    callers.push(sent.callers().slice(before))
  }
  const looking = ['publishSessions.lockSessions', 'publishSessions.readClasses']
  const publishing = ['publishSessions.writeSessions', 'publishSessions.notify']
  const renewing = ['renewSessions.lockSessions', 'renewSessions.writeSessions']
  expect(callers).toEqual([
    [...looking, 'keepOffErasure', 'makeUsers', ...looking, ...publishing],
    ['renewSessions.lockSessions', ...looking, ...publishing],
    renewing,
    [...renewing, 'renewSessions.notify'],
    renewing,
    ['renewSessions.lockSessions'],
  ])
})

it('devices that publish in the same moment share a transaction', async () => {
  const users = Array.from({ length: 80 }, () => newUser())
  const said = { session: 'desk', activity: null, note: null, leaseMs: 60_000 } as const
  const publishAll = (status: 'BUSY' | 'AWAY') =>
    Promise.all(users.map((user) => publishPresence(storage, { user, status, ...said })))
  await publishAll('BUSY')
  const before = sent.callers().length
  const published = await publishAll('AWAY')
  expect(sent.callers().slice(before)).toEqual([
    'renewSessions.lockSessions',
    'renewSessions.writeSessions',
    'renewSessions.notify',
  ])
  expect(published).toEqual(
    published.map(() => ({ session: expect.objectContaining({ status: 'AWAY' }) as unknown })),
  )
  const stored = await storage.sessions.sessionsOf(users)
  expect(users.map((user) => stored.get(user)?.[0]?.status)).toEqual(users.map(() => 'AWAY'))
})

it('every statement opens with the name of its caller, and with the change that it belongs to', async () => {
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  const { privacy, lists, sessions } = storage
  const page = { first: 10, after: null }
  const ask = { watcher: wim, presentities: [pia], trigger: 'CALL', addToContacts: true } as const
  const [asked] = await requestAccess(privacy, ask)
  await withdrawRequest(privacy, { watcher: wim, request: asked!.request!.id })
  await storage.passTime(60_000)
  await requestAccess(privacy, ask)
  const popup = await lists.popup({ presentity: pia, limit: 10, known: [] })
  const presented = popup.requests.map(({ item }) => item.id)
  await respondToRequests(privacy, {
    presentity: pia,
    presented,
    ticked: presented,
    addTickedToContacts: true,
    alwaysAccept: true,
    clientKey: 'key',
  })
  await decideAccess(privacy, { presentity: pia, watchers: [wim], verdict: 'BLOCKED', endsAt: null })
  await deleteDecisions(privacy, { presentity: pia, watchers: [wim] })
  await setPreference(privacy, { user: pia, change: { appearOffline: true } })
  const said = { session: 'desk', status: 'BUSY', activity: null, note: null, leaseMs: 60_000 } as const
  await publishPresence(storage, { user: pia, ...said })
  await viewOwnPresence({ ...storage, ...POLICY }, pia)
  await lists.waiting({ presentity: pia, kind: 'REQUEST', page })
  await lists.asked({ watcher: wim, page })
  await sessions.sessionsOf([pia])
  await sessions.end({ user: pia, id: 'desk' })
  const zoe = newUser('zoe')
  await addContactsAndAsk(privacy, { watcher: wim, presentities: [zoe] })
  await acceptAllPending({ store: privacy, lists }, { presentity: zoe, actor: zoe })
  await removeContacts(privacy, { watcher: wim, presentities: [zoe] })
  await reportAttempts(privacy, {
    ...{ service: newUser('phone'), clientKey: null },
    attempts: [{ watcher: wim, presentity: zoe, trigger: 'CALL' }],
  })
  const ended = [{ presentity: zoe, watcher: wim }]
  const leftovers = { ...storage.leftovers, endedPairs: () => Promise.resolve(ended.splice(0)) }
  await settleWhatHasEnded({ store: privacy, leftovers }, new AbortController().signal)

  expect(sent.callers().filter((caller) => caller.startsWith('nobody'))).toEqual([])
  const changes = sent.callers().filter((caller) => caller.endsWith('.lockUsers'))
  expect(new Set(changes)).toEqual(
    new Set(
      [
        'requestAccess',
        'withdrawRequest',
        'respondToRequests',
        'decideAccess',
        'deleteDecisions',
        'setPreference',
        'addContacts',
        'acceptAllPending',
        'removeContacts',
        'reportAttempts',
        'settleWhatHasEnded',
      ].map((change) => `${change}.lockUsers`),
    ),
  )
})

it.each([0, 30 * 24 * 3_600_000])(
  'with a cooldown of %i ms, a denial costs a watcher the same statements as anything else that he may not tell it from',
  async (requestCooldownMs) => {
    const { watcher, causes } = await causesOfOffline(storage, { requestCooldownMs })
    const statementsOf = async (act: () => Promise<unknown>) => {
      const before = sent.texts().length
      await act()
      return sent.texts().slice(before)
    }
    for (const group of new Set(causes.map((cause) => cause.group))) {
      const members = causes.filter((cause) => cause.group === group)
      const asking = (presentity: UserId) => () =>
        requestAccess(storage.privacy, {
          watcher,
          presentities: [presentity],
          trigger: 'INSTANT_MESSAGE',
          addToContacts: false,
        })
      const withdrawing = (presentity: UserId) => async () => {
        const { items } = await storage.lists.asked({ watcher, page: { first: 500, after: null } })
        const request = items.find((asked) => asked.presentity === presentity)?.request.id ?? presentity
        return withdrawRequest(storage.privacy, { watcher, request })
      }
      for (const act of [asking, withdrawing, asking]) {
        const costs = new Map<string, readonly string[]>()
        for (const { cause, presentity } of members) costs.set(cause, await statementsOf(act(presentity)))
        const [first, ...rest] = costs
        for (const [cause, cost] of rest)
          expect(cost, `${group}: ${cause}, as ${first![0]}`).toEqual(first![1])
      }
    }
  },
)

it('each request raises the revisions of both, each decision that of the presentity, and nothing else does', async () => {
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  const revisions = async () => {
    const rows = await database.query<{ id: UserId; revision: string }>(
      'select id, revision from presence_privacy.users where id = any($1) order by id',
      [[pia, wim]],
    )
    return rows.map(({ revision }) => Number(revision))
  }
  await requestAccess(storage.privacy, {
    watcher: wim,
    presentities: [pia],
    trigger: 'CALL',
    addToContacts: false,
  })
  let [ofPia, ofWim] = (await revisions()) as [number, number]
  const onlyPiasRose = async () => {
    const [pias, wims] = (await revisions()) as [number, number]
    expect(pias).toBeGreaterThan(ofPia)
    expect(wims).toBe(ofWim)
    ;[ofPia, ofWim] = [pias, wims]
  }
  await decideAccess(storage.privacy, { presentity: pia, watchers: [wim], verdict: 'ALLOWED', endsAt: null })
  await onlyPiasRose()
  await setPreference(storage.privacy, { user: pia, change: { appearOffline: true } })
  await onlyPiasRose()
  await viewPresence({ ...storage, ...POLICY }, { watcher: wim, presentities: [pia] })
  const undone = storage.privacy.change(
    { name: 'test', kind: 'REQUEST' as const, by: pia, others: [wim] },
    () => {
      throw new Error('undecided')
    },
  )
  await expect(undone).rejects.toThrow('undecided')
  expect(await revisions()).toEqual([ofPia, ofWim])
})
