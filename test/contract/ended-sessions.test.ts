import { describe, expect, it } from 'vitest'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { renewPresence } from '../../src/application/renew-presence.ts'
import { removeEndedSessions } from '../../src/application/sweep.ts'
import { viewPresence } from '../../src/application/view-presence.ts'
import { OFFLINE } from '../../src/domain/presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { listenTo } from '../support/listen-to.ts'
import { newUser } from '../support/new-user.ts'
import { POLICY } from '../support/policy.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const RUNNING = new AbortController().signal

onEachStorage((storage) => {
  const removeSessions = () => removeEndedSessions(storage(), RUNNING)

  describe('a session whose lease has ended', () => {
    const said = { status: 'BUSY', activity: null, note: null } as const
    const publish = (user: UserId, session: string, leaseMs = MINUTE_MS) =>
      publishPresence(storage(), { user, session, ...said, leaseMs })

    it('is removed with the last of its user by one sweep of those that share the work, and signals the user; one that lives stays', async () => {
      await removeSessions()
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await publish(pia, 'desk')
      await publish(pia, 'phone')
      await publish(wim, 'desk')
      await publish(wim, 'phone', DAY_MS)
      const listening = listenTo(storage(), [pia, wim])
      await listening.heard()
      await storage().passTime(MINUTE_MS)

      const removed = await Promise.all([removeSessions(), removeSessions(), removeSessions()])
      expect(removed.sort()).toEqual([0, 0, 1])
      expect(await listening.heard()).toEqual([pia])
      listening.stop()
      expect((await storage().sessions.sessionsOf([wim])).get(wim)?.map(({ id }) => id)).toEqual(['phone'])
    })

    it('is seen by nobody before it is removed, and can neither be renewed nor ended', async () => {
      const pia = newUser('pia')
      await publish(pia, 'desk')
      await storage().passTime(MINUTE_MS)
      const look = { watcher: pia, presentities: [pia] }
      const seen = await viewPresence({ ...storage(), ...POLICY }, look)
      expect(seen.get(pia)?.presence).toBe(OFFLINE)
      const renewal = { user: pia, session: 'desk', leaseMs: MINUTE_MS, inactiveForMs: null }
      expect(await renewPresence(storage().sessions, renewal)).toBeNull()
      expect(await storage().sessions.end({ user: pia, id: 'desk' })).toBe(false)
    })

    it('that begins again while a sweep removes it lives', async () => {
      for (let round = 0; round < 20; round += 1) {
        const pia = newUser('pia')
        await publish(pia, 'desk')
        await storage().passTime(MINUTE_MS)
        await Promise.all([removeSessions(), publish(pia, 'desk'), removeSessions()])
        expect((await storage().sessions.sessionsOf([pia])).get(pia)).toHaveLength(1)
      }
    })
  })
})
