import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { eventually } from '../support/eventually.ts'
import { heapInUse } from '../support/heap-in-use.ts'
import { newUser } from '../support/new-user.ts'
import { serveMemory } from '../support/serve-memory.ts'
import { connect, type Message, type RawClient } from '../support/web-socket-client.ts'

const PRESENTITIES = 20
const CHANGES = 12_000
/** So that what is not read soon exceeds what the system itself buffers, before the socket is cut for not answering pings. */
const NOTE = 'x'.repeat(2000)
const WATCH =
  'subscription ($users: [ID!]) { presenceUpdates(userIds: $users) { presences { user { id } presence { status note } } } }'

type Told = {
  payload: {
    data: { presenceUpdates: { presences: { user: { id: string }; presence: { note: string | null } }[] } }
  }
}

test('a client that reads nothing while everything changes costs neither time nor memory', async () => {
  const { storage, url, tokenOf } = await serveMemory()
  const presentities = Array.from({ length: PRESENTITIES }, () => newUser('pia'))
  const [reader, stalled] = [newUser('reader'), newUser('stalled')]
  for (const presentity of presentities) {
    const decision = { presentity, watchers: [reader, stalled], verdict: 'ALLOWED' as const, endsAt: null }
    await decideAccess(storage.privacy, decision)
  }
  const watch = async (watcher: UserId) => {
    const client = await connect(url, await tokenOf(watcher))
    onTestFinished(() => client.socket.terminate())
    const payload = { query: WATCH, variables: { users: presentities } }
    client.send({ id: 'presence', type: 'subscribe', payload })
    await client.next()
    return client
  }
  const [reading, parked] = [await watch(reader), await watch(stalled)]
  const [told, toldAtLast] = [notesTold(reading), notesTold(parked)]
  const isUpToDate = ({ notes }: typeof told): boolean =>
    presentities.every((id, place) => notes.get(id) === `${NOTE}${CHANGES - PRESENTITIES + place}`)
  parked.socket.pause()

  const changeAll = async (): Promise<void> => {
    for (let change = 0; change < CHANGES; change += 1) {
      await storage.sessions.publish({
        user: presentities[change % PRESENTITIES]!,
        session: {
          id: 'desk',
          status: 'BUSY',
          activity: null,
          note: `${NOTE}${change}`,
        },
        inactiveForMs: 0,
        leaseMs: 600_000,
        maxSessions: 20,
      })
      if (change % 10 === 0) await nextTurn()
    }
    await eventually('the last of all is told', () => isUpToDate(told))
  }

  const before = heapInUse()
  const whileStalled = await delayDuring(changeAll)
  const heap = heapInUse() - before
  const afterwards = await delayDuring(async () => {
    parked.socket.resume()
    await eventually('the last of all is told to him who reads again', () => isUpToDate(toldAtLast))
  })
  // What the same costs here and now with everybody reading: others may keep the machine busy.
  const whileRead = await delayDuring(changeAll)

  expect(Math.max(whileStalled, afterwards)).toBeLessThan(Math.max(100, 3 * whileRead))
  expect(toldAtLast.events()).toBeLessThan(1.5 * CHANGES)
  expect(heap).toBeLessThan(16 * 1_048_576)
})

/** What a client is told, of which it keeps no more than the latest. */
function notesTold({ socket }: RawClient) {
  const notes = new Map<string, string | null>()
  let events = 0
  socket.removeAllListeners('message')
  socket.on('message', (data: Buffer) => {
    const { payload } = JSON.parse(data.toString()) as Message & Told
    events += 1
    for (const { user, presence } of payload.data.presenceUpdates.presences) notes.set(user.id, presence.note)
  })
  return { notes, events: () => events }
}

/** The p99 of the event loop's delay meanwhile, in milliseconds. */
async function delayDuring(work: () => Promise<void>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 2 })
  delay.enable()
  await work()
  delay.disable()
  return delay.percentile(99) / 1e6
}
