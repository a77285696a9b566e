import { expect, test } from 'vitest'
import type { Hint } from '../../src/application/ports.ts'
import { memoryStorage } from '../support/memory-storage.ts'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows } from '../support/open-hub.ts'
import { ROOT } from '../support/administrators.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'

const users = (count: number) => Array.from({ length: count }, () => newUser('somebody'))

/** A hub that notes what each read is about, and hears what a test says, too. */
function noted() {
  const reads: string[] = []
  const storage = memoryStorage()
  const listeners: ((hint: Hint) => void)[] = []
  const opened = openHub(
    (live) => ({
      async look(look) {
        reads.push(`revisions of ${String(look.presentities.length)}, ${String(look.watchers.size)} watchers`)
        return live.look(look)
      },
      async factsOfPairs(pairs) {
        reads.push(`facts for ${String(new Set(pairs.map(({ watcher }) => watcher)).size)} watchers`)
        return live.factsOfPairs(pairs)
      },
    }),
    {
      ...storage,
      signals: {
        ...storage.signals,
        subscribeToAll(listener) {
          listeners.push(listener)
          return storage.signals.subscribeToAll(listener)
        },
      },
    },
  )
  return { ...opened, reads, hear: (hint: Hint) => listeners.forEach((listener) => listener(hint)) }
}

test('where a class comes to hide somebody from many watchers, each of them is told, fifty by one read', async () => {
  const { decide, publish, watch, storage, reads, hub } = noted()
  const pia = newUser('pia')
  await publish(pia)
  const streams = []
  for (const watcher of users(120)) {
    await decide({ presentity: pia, watcher, verdict: 'ALLOWED' })
    streams.push(watch(watcher, [pia]))
  }
  await whatFollows()
  for (const { events } of streams) events.length = 0
  reads.length = 0
  const { renewed } = hub.readings()
  const { name } = DEFAULT_CLASS
  await storage.administration.changeClass({ actor: ROOT, name, settings: { invitationHandling: 'PROMPT' } })
  await whatFollows()
  for (const { events } of streams)
    expect(events).toMatchObject([
      { change: 'CHANGED', presences: [{ user: pia, presence: { status: 'OFFLINE' } }] },
    ])
  expect(reads).toEqual(['facts for 50 watchers', 'facts for 50 watchers', 'facts for 20 watchers'])
  expect(hub.readings()).toMatchObject({ doubtful: 0, renewed: renewed + 120 })
})

test('of more users than one tick takes on, the others are looked at by the next, and each once', async () => {
  const { watch, reads, hear, hub } = noted()
  for (const [place, watcher] of users(300).entries()) {
    const [first, ...others] = users(place < 3 ? 500 : 1)
    watch(watcher, [first!, ...others])
  }
  await whatFollows()
  reads.length = 0
  hear('ANYTHING')
  expect(hub.readings().doubtful).toBe(300 + 1797)
  await whatFollows()
  expect(reads).toEqual(['revisions of 1000, 200 watchers', 'revisions of 797, 298 watchers'])
  expect(hub.readings().doubtful).toBe(0)
})

test('of users who are watched by ten thousand streams between them, the others are looked at by the next tick', async () => {
  const { watch, reads, hear } = noted()
  const watched = users(21)
  for (const watcher of users(500)) watch(watcher, watched)
  await whatFollows()
  reads.length = 0
  hear({ users: watched, sessionsOnly: true })
  await whatFollows()
  expect(reads).toEqual(['revisions of 20, 500 watchers', 'revisions of 1, 500 watchers'])
})

test('of watchers with ten thousand entries between them, the others are decided by the next tick', async () => {
  const { watch, storage, reads } = noted()
  const contacts = users(500)
  for (const watcher of users(21)) {
    watch(watcher, contacts.slice(0, 250))
    watch(watcher, contacts.slice(250))
  }
  await whatFollows()
  reads.length = 0
  const { name } = DEFAULT_CLASS
  await storage.administration.changeClass({ actor: ROOT, name, settings: { invitationHandling: 'PROMPT' } })
  await whatFollows()
  expect(reads).toEqual(['facts for 20 watchers', 'facts for 1 watchers'])
})
