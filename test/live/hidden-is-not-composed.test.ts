import { expect, test } from 'vitest'
import type { RevisedFacts } from '../../src/application/live-ports.ts'
import type { PresenceSession } from '../../src/domain/presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows } from '../support/open-hub.ts'

/**
 * What composing takes grows with the sessions, and would be felt by whoever shares the instance. Only composing reads a session's note;
 * when something ends by time has to be known in any case.
 */
function countingNotes() {
  const read: string[] = []
  const counted = (sessions: readonly PresenceSession[]): readonly PresenceSession[] =>
    sessions.map((session) => ({
      ...session,
      get note() {
        read.push(session.note ?? '')
        return session.note
      },
    }))
  const mapped = <Value extends { readonly sessions: readonly PresenceSession[] }>(
    values: ReadonlyMap<UserId, Value>,
  ): ReadonlyMap<UserId, Value> =>
    new Map([...values].map(([id, value]) => [id, { ...value, sessions: counted(value.sessions) }]))
  const inFacts = (facts: RevisedFacts): RevisedFacts => ({
    ...facts,
    presentities: mapped(facts.presentities),
  })
  const opened = openHub((live) => ({
    async look(look) {
      const found = await live.look(look)
      return { ...found, presentities: mapped(found.presentities) }
    },
    factsOfPairs: async (pairs) =>
      new Map([...(await live.factsOfPairs(pairs))].map(([watcher, facts]) => [watcher, inFacts(facts)])),
  }))
  return { ...opened, read }
}

test('presence that a watcher may not see is not composed for them, be it looked at or read anew', async () => {
  const { watch, decide, publish, read } = countingNotes()
  const [pia, zoe, wim, wes] = [newUser('pia'), newUser('zoe'), newUser('wim'), newUser('wes')]
  await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
  await decide({ presentity: zoe, watcher: wim, verdict: 'BLOCKED' })
  for (const user of [pia, zoe]) await publish(user, { note: `first of ${user}` })
  const { events } = watch(wim, [pia, zoe])
  await whatFollows()
  expect(new Set(read)).toEqual(new Set([`first of ${pia}`]))

  // They are looked at: nothing of their pairs has moved.
  read.length = 0
  for (const user of [zoe, pia]) await publish(user, { note: `second of ${user}` })
  await whatFollows()
  expect(new Set(read)).toEqual(new Set([`second of ${pia}`]))
  expect(events.at(-1)).toMatchObject({ presences: [{ presence: { note: `second of ${pia}` } }] })

  // A decision about somebody else: their pairs are read anew.
  read.length = 0
  for (const presentity of [zoe, pia]) await decide({ presentity, watcher: wes, verdict: 'BLOCKED' })
  await whatFollows()
  expect(new Set(read)).toEqual(new Set([`second of ${pia}`]))
})
