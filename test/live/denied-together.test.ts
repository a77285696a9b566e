import { expect, test } from 'vitest'
import { setPreference } from '../../src/application/set-preference.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows, type OpenedHub } from '../support/open-hub.ts'

const WAYS = {
  'ends her session': ({ endSession }, { ada }) => endSession(ada),
  'appears offline': ({ storage }, { ada }) =>
    setPreference(storage.privacy, { user: ada, change: { appearOffline: true } }),
  'blocks him': ({ decide }, { ada, wim }) => decide({ presentity: ada, watcher: wim, verdict: 'BLOCKED' }),
} as const satisfies Record<
  string,
  (opened: OpenedHub, users: { ada: UserId; wim: UserId }) => Promise<unknown>
>

test.each(['ada first', 'ada last'])(
  'whoever goes offline is told of together with what else has changed, in the same order, whatever the cause (%s)',
  async (order) => {
    const told = []
    for (const way of Object.values(WAYS)) {
      const opened = openHub()
      const { publish, watch, decide } = opened
      const [ada, bea, wim] = [newUser('ada'), newUser('bea'), newUser('wim')]
      const names = new Map([
        [ada, 'ada'],
        [bea, 'bea'],
        [wim, 'wim'],
      ])
      for (const user of [ada, bea]) {
        await decide({ presentity: user, watcher: wim, verdict: 'ALLOWED' })
        await publish(user)
      }
      await publish(wim)
      const { events } = watch(wim, [wim, ada, bea])
      await whatFollows()

      const others = [publish(wim, { status: 'BUSY' }), publish(bea, { status: 'AWAY' })]
      const acts =
        order === 'ada first'
          ? [way(opened, { ada, wim }), ...others]
          : [...others, way(opened, { ada, wim })]
      await Promise.all(acts)
      await whatFollows()
      told.push(
        events
          .slice(1)
          .map((event) =>
            event.change === 'CHANGED'
              ? event.presences.map(({ user, presence }) => `${names.get(user)} ${presence.status}`)
              : event.change,
          ),
      )
    }
    expect(told[1]).toEqual(told[0])
    expect(told[2]).toEqual(told[0])
  },
)
