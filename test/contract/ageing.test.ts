import { expect, it } from 'vitest'
import { viewOwnPresence } from '../../src/application/own-presence.ts'
import { publishPresence, type PublishPresence } from '../../src/application/publish-presence.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { viewPresence } from '../../src/application/view-presence.ts'
import { nextPresenceChange } from '../../src/domain/presence.ts'
import { presenceSourceOf } from '../../src/application/what-is-seen.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { POLICY } from '../support/policy.ts'

const { idleAfterMs, awayAfterMs } = POLICY.policy.ageing as { idleAfterMs: number; awayAfterMs: number }

onEachStorage((storage) => {
  const publish = (user: UserId, said: Partial<PublishPresence> = {}) =>
    publishPresence(storage(), {
      ...{ user, session: 'desk', status: 'AVAILABLE', activity: null, note: 'here', leaseMs: 3_600_000 },
      ...said,
    })
  const look = (watcher: UserId, presentity: UserId) =>
    viewPresence({ ...storage(), ...POLICY }, { watcher, presentities: [presentity] })
  const statusOf = async (presentity: UserId, watcher: UserId) =>
    (await look(watcher, presentity)).get(presentity)?.presence.status
  const piaAndWim = async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const verdict = { verdict: 'ALLOWED', endsAt: null } as const
    await decideAccess(storage().privacy, { presentity: pia, watchers: [wim], ...verdict })
    return { pia, wim }
  }

  it('an available device that goes without activity is shown idle, then away, and available when it is used again', async () => {
    const { pia, wim } = await piaAndWim()
    await publish(pia)
    expect(await statusOf(pia, wim)).toBe('AVAILABLE')
    await storage().passTime(idleAfterMs)
    expect(await statusOf(pia, wim)).toBe('IDLE')
    expect((await viewOwnPresence({ ...storage(), ...POLICY }, pia)).presence.status).toBe('IDLE')
    await storage().passTime(awayAfterMs - idleAfterMs)
    expect(await statusOf(pia, wim)).toBe('AWAY')

    await publish(pia)
    expect(await statusOf(pia, wim)).toBe('AVAILABLE')
  })

  it('a device says for how long it has gone without activity', async () => {
    const { pia, wim } = await piaAndWim()
    await publish(pia, { inactiveForMs: awayAfterMs })
    expect(await statusOf(pia, wim)).toBe('AWAY')
    await publish(pia, { session: 'phone', inactiveForMs: idleAfterMs - 60_000 })
    expect(await statusOf(pia, wim)).toBe('AVAILABLE')
    await storage().passTime(60_000)
    expect(await statusOf(pia, wim)).toBe('IDLE')
  })

  it('a watcher who may not see the user is shown nothing of it', async () => {
    const { pia } = await piaAndWim()
    const stranger = newUser('stranger')
    await publish(pia)
    await storage().passTime(awayAfterMs)
    expect(await statusOf(pia, stranger)).toBe('OFFLINE')
  })

  it('the facts that were read tell when the presence changes by time alone', async () => {
    const { pia, wim } = await piaAndWim()
    await publish(pia, { inactiveForMs: 60_000 })
    const facts = await storage().facts.readFacts({ watcher: wim, presentities: [pia] })
    const source = presenceSourceOf(facts.presentities.get(pia)!, POLICY.policy)
    const [session] = source.sessions
    expect(nextPresenceChange(source, facts.now)).toBe(session!.activeAt + idleAfterMs)
  })
})
