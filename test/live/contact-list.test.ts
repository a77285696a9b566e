import { expect, test } from 'vitest'
import { eraseUser } from '../../src/application/erase-user.ts'
import { addContactsAndAsk, removeContacts } from '../../src/application/manage-contacts.ts'
import type { PresenceStatus } from '../../src/domain/presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import type { PresenceEvent, Shown } from '../../src/live/presence-event.ts'
import { ROOT } from '../support/administrators.ts'
import { gate } from '../support/gate.ts'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows } from '../support/open-hub.ts'

async function listOfWim() {
  const [lists, looks] = [gate(), gate()]
  const opened = openHub((live) => ({
    contactFacts: async (of) => lists.passed(await live.contactFacts(of)),
    look: async (look) => looks.passed(await live.look(look)),
  }))
  const { storage, decide, publish, watch } = opened
  // In the order of their ids.
  const [ada, bea, cas, wim] = [newUser('ada'), newUser('bea'), newUser('cas'), newUser('wim')]
  // Storage hands them out in the order in which they came to it.
  for (const presentity of [cas, bea, ada]) {
    await decide({ presentity, watcher: wim, verdict: 'ALLOWED' })
    await publish(presentity)
  }
  const add = (...presentities: readonly UserId[]) =>
    addContactsAndAsk(storage.privacy, { watcher: wim, presentities })
  const remove = (...presentities: readonly UserId[]) =>
    removeContacts(storage.privacy, { watcher: wim, presentities })
  await add(cas, ada)
  const stream = watch(wim, 'CONTACTS')
  await whatFollows()
  return { ...opened, ...{ lists, looks, ada, bea, cas, wim, add, remove, stream } }
}

const shown = (user: UserId, status: PresenceStatus = 'AVAILABLE'): Shown => ({
  user,
  presence: { status, activity: null, note: null },
})

test('a stream of contacts begins with all of them, in the order of their ids', async () => {
  const { stream, ada, cas } = await listOfWim()
  expect(stream.events).toEqual([{ change: 'SNAPSHOT', presences: [shown(ada), shown(cas)] }])
})

test('whatever the order in which storage hands them out', async () => {
  const { watch, storage } = openHub()
  const [ada, bea, cas, dan, wim] = ['ada', 'bea', 'cas', 'dan', 'wim'].map((name) => newUser(name))
  const presentities = [bea!, dan!, ada!, cas!]
  await addContactsAndAsk(storage.privacy, { watcher: wim!, presentities })
  const { events } = watch(wim!, 'CONTACTS')
  await whatFollows()
  expect(events).toMatchObject([{ presences: [{ user: ada }, { user: bea }, { user: cas }, { user: dan }] }])
})

test('who is removed and who is added is told, first the one and then the other, and nothing where the list is as it was', async () => {
  const { stream, ada, bea, cas, wim, add, remove, lists, decide, publish } = await listOfWim()
  stream.events.length = 0
  lists.close()
  await remove(ada)
  await whatFollows()
  await add(bea)
  await remove(cas)
  lists.open()
  await whatFollows()
  expect(stream.events).toEqual<PresenceEvent[]>([
    { change: 'REMOVED', userIds: [ada] },
    { change: 'REMOVED', userIds: [cas] },
    { change: 'ADDED', presences: [shown(bea)] },
  ])
  stream.events.length = 0
  await decide({ presentity: wim, watcher: ada, verdict: 'BLOCKED' })
  await publish(cas, { status: 'BUSY' })
  await whatFollows()
  expect(stream.events).toEqual([])
  await add(cas, ada)
  await whatFollows()
  expect(stream.events).toEqual<PresenceEvent[]>([
    { change: 'ADDED', presences: [shown(ada, 'OFFLINE'), shown(cas, 'BUSY')] },
  ])
})

test('all streams of the list are told, and the streams of users that were asked for by name are not', async () => {
  const { stream, ada, bea, wim, add, remove, watch, hub } = await listOfWim()
  const [byName, second] = [watch(wim, [ada, bea]), watch(wim, 'CONTACTS')]
  await whatFollows()
  for (const { events } of [stream, byName, second]) events.length = 0
  await add(bea)
  await remove(ada)
  await whatFollows()
  const changes = [
    { change: 'REMOVED', userIds: [ada] },
    { change: 'ADDED', presences: [shown(bea)] },
  ]
  expect(stream.events).toEqual(changes)
  expect(second.events).toEqual(changes)
  expect(byName.events).toEqual([])
  byName.close()
  // Nobody watches Ada any more.
  expect(hub.readings().presentities).toBe(2)
})

test('who changes while the list that they were added to is read is shown as they are then', async () => {
  const { stream, bea, add, publish, lists } = await listOfWim()
  stream.events.length = 0
  lists.close()
  await add(bea)
  await whatFollows()
  await publish(bea, { status: 'BUSY' })
  lists.open()
  await whatFollows()
  expect(stream.events).toEqual([
    { change: 'ADDED', presences: [shown(bea)] },
    { change: 'CHANGED', presences: [shown(bea, 'BUSY')] },
  ])
})

test('a list that changes before its first snapshot is told is shown as it is then, in that snapshot', async () => {
  const { ada, bea, cas, wim, add, remove, watch, looks, publish } = await listOfWim()
  looks.close()
  await publish(ada, { status: 'BUSY' })
  await whatFollows()
  const { events } = watch(wim, 'CONTACTS')
  await whatFollows()
  await add(bea)
  await remove(cas)
  looks.open()
  await whatFollows()
  const told = events.flatMap((event) =>
    'presences' in event
      ? event.presences.map(({ user, presence }) => `${event.change} ${user} ${presence.status}`)
      : event.userIds.map((user) => `${event.change} ${user}`),
  )
  const list = new Set<string>()
  for (const each of told) {
    const [change, user = ''] = each.split(' ')
    if (change === 'REMOVED') list.delete(user)
    else list.add(user)
  }
  expect(told[0]).toMatch(/^SNAPSHOT/)
  expect(list).toEqual(new Set([ada, bea]))
})

test('a stream that does not read is shown nothing afresh for what has changed nothing of its list', async () => {
  const { stream, wim, decide, publish, ada } = await listOfWim()
  stream.reads(false)
  await decide({ presentity: wim, watcher: newUser('somebody'), verdict: 'BLOCKED' })
  await whatFollows()
  stream.reads(true)
  await whatFollows()
  expect(stream.events).toHaveLength(1)
  await publish(ada, { status: 'BUSY' })
  await whatFollows()
  expect(stream.events.slice(1)).toEqual([{ change: 'CHANGED', presences: [shown(ada, 'BUSY')] }])
})

test('a contact who was erased is removed from the stream, though their watcher has done nothing', async () => {
  const { stream, ada, cas, storage } = await listOfWim()
  stream.events.length = 0
  await eraseUser(storage.records, { user: cas, actor: ROOT })
  await whatFollows()
  expect(stream.events).toContainEqual({ change: 'REMOVED', userIds: [cas] })
  expect(JSON.stringify(stream.events)).not.toContain(ada)
})
