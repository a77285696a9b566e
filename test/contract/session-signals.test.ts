import { expect, it } from 'vitest'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { endForUsers, publishForUsers } from '../../src/application/publish-for-users.ts'
import { publishPresence, type PublishPresence } from '../../src/application/publish-presence.ts'
import { renewForUsers, renewPresence } from '../../src/application/renew-presence.ts'
import { removeEndedSessions } from '../../src/application/sweep.ts'
import { viewPresence } from '../../src/application/view-presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { onInstancesOfEachStorage } from '../support/each-storage.ts'
import { listenTo, type Listening } from '../support/listen-to.ts'
import { newUser } from '../support/new-user.ts'
import { POLICY } from '../support/policy.ts'

const { idleAfterMs, awayAfterMs } = POLICY.policy.ageing as { idleAfterMs: number; awayAfterMs: number }
const LEASE_MS = 3_600_000

onInstancesOfEachStorage(({ here, elsewhere }) => {
  const publish = (user: UserId, said: Partial<PublishPresence> = {}) =>
    publishPresence(here(), {
      ...{ user, session: 'desk', status: 'AVAILABLE', activity: null, note: 'here', leaseMs: LEASE_MS },
      ...said,
    })
  const renew = (user: UserId, inactiveForMs: number | null = null) =>
    renewPresence(here().sessions, { user, session: 'desk', leaseMs: LEASE_MS, inactiveForMs })
  /** Somebody with a device that has just begun, and who hears of her. */
  const connected = async (said: Partial<PublishPresence> = {}) => {
    const pia = newUser('pia "ü\\')
    const listening = listenTo(here(), [pia], elsewhere())
    await publish(pia, said)
    expect(await listening.heard()).toEqual([pia])
    return { pia, listening }
  }
  const expectSignal = async ({ pia, listening }: { pia: UserId; listening: Listening }) => {
    expect(await listening.heard()).toEqual([pia])
    listening.stop()
  }
  const expectSilence = async ({ listening }: { listening: Listening }) => {
    expect(await listening.heard()).toEqual([])
    listening.stop()
  }

  it.each<[string, Partial<PublishPresence>]>([
    ['status', { status: 'BUSY' }],
    ['activity', { activity: 'IN_A_CALL' }],
    ['note', { note: 'there' }],
    ['no note any more', { note: null }],
    ['session', { session: 'phone' }],
    ['earlier end', { leaseMs: LEASE_MS / 2 }],
  ])('signal another %s', async (_change, said) => {
    const of = await connected()
    await publish(of.pia, said)
    await expectSignal(of)
  })

  it('signal an end, and none that was not', async () => {
    const of = await connected()
    await here().sessions.end({ user: of.pia, id: 'phone' })
    expect(await of.listening.heard()).toEqual([])
    await here().sessions.end({ user: of.pia, id: 'desk' })
    expect(await of.listening.heard()).toEqual([of.pia])
    await here().sessions.end({ user: of.pia, id: 'desk' })
    await expectSilence(of)
  })

  it('signal nothing when a device publishes the same again, or is renewed', async () => {
    const of = await connected()
    await publish(of.pia)
    await renew(of.pia)
    await renew(of.pia, 0)
    await here().passTime(idleAfterMs - 60_000)
    await renew(of.pia)
    await publish(of.pia, { inactiveForMs: 30_000 })
    await expectSilence(of)
  })

  it('signal that a device which counted as idle, or as away, is used again', async () => {
    const of = await connected()
    await here().passTime(idleAfterMs)
    await renew(of.pia)
    expect(await of.listening.heard()).toEqual([])
    await renew(of.pia, 0)
    expect(await of.listening.heard()).toEqual([of.pia])
    await here().passTime(awayAfterMs)
    await renew(of.pia, idleAfterMs)
    expect(await of.listening.heard()).toEqual([of.pia])
    await publish(of.pia)
    await expectSignal(of)
  })

  it('signal no activity at a device whose status does not age', async () => {
    const of = await connected({ status: 'BUSY' })
    await here().passTime(awayAfterMs)
    await renew(of.pia, 0)
    await publish(of.pia, { status: 'BUSY' })
    await expectSilence(of)
  })

  it('signal no idle activity at a device that says IDLE, and the one that undoes its being away', async () => {
    const of = await connected({ status: 'IDLE' })
    await here().passTime(idleAfterMs)
    await renew(of.pia, 0)
    expect(await of.listening.heard()).toEqual([])
    await here().passTime(awayAfterMs)
    await renew(of.pia, 0)
    await expectSignal(of)
  })

  it('of a device that comes back within its lease change nothing of what is seen, and signal nothing', async () => {
    const of = await connected()
    const wim = newUser('wim')
    const verdict = { verdict: 'ALLOWED', endsAt: null } as const
    await decideAccess(here().privacy, { presentity: of.pia, watchers: [wim], ...verdict })
    const look = async () => {
      const seen = await viewPresence({ ...elsewhere(), ...POLICY }, { watcher: wim, presentities: [of.pia] })
      return seen.get(of.pia)?.presence
    }
    await of.listening.heard()
    const seen = [await look()]
    for (let flap = 0; flap < 5; flap += 1) {
      // The connection is gone, for nearly the whole lease.
      await here().passTime(idleAfterMs - 1000)
      await removeEndedSessions(here(), new AbortController().signal)
      seen.push(await look())
      await (flap % 2 === 0 ? publish(of.pia) : renew(of.pia, 0))
      seen.push(await look())
    }
    expect(seen).toEqual(seen.map(() => ({ status: 'AVAILABLE', activity: null, note: 'here' })))
    await expectSilence(of)
  })

  it('that a service keeps signal alike, each its own user', async () => {
    const [service, pia, wim] = [newUser('service'), newUser('pia'), newUser('wim')]
    const listening = listenTo(here(), [pia, wim], elsewhere())
    const said = { status: 'BUSY', activity: null, note: null, leaseMs: LEASE_MS } as const
    const kept = [pia, wim].map((user) => ({ user, session: 'line' }))
    const publishFor = (notes: readonly (string | null)[]) =>
      publishForUsers(here(), {
        service,
        publications: kept.map((each, place) => ({ ...each, ...said, note: notes[place]! })),
      })
    await publishFor([null, null])
    expect([...(await listening.heard())].sort()).toEqual([pia, wim].sort())
    await publishFor([null, 'news'])
    expect(await listening.heard()).toEqual([wim])
    const renewals = kept.map((each) => ({ ...each, leaseMs: LEASE_MS, inactiveForMs: null }))
    await renewForUsers(here().sessions, { service, renewals })
    expect(await listening.heard()).toEqual([])
    await endForUsers(here().sessions, { service, ended: kept.slice(0, 1) })
    expect(await listening.heard()).toEqual([pia])
    listening.stop()
  })

  it('that are refused signal nobody', async () => {
    const of = await connected()
    const refused = await here().sessions.publish({
      user: of.pia,
      session: { id: 'phone', status: 'BUSY', activity: null, note: null },
      ...{ inactiveForMs: 0, leaseMs: LEASE_MS, maxSessions: 1 },
    })
    expect(refused).toEqual({ refused: 'TOO_MANY_SESSIONS' })
    expect(
      await renewPresence(here().sessions, {
        user: of.pia,
        session: 'phone',
        leaseMs: LEASE_MS,
        inactiveForMs: 0,
      }),
    ).toBeNull()
    await expectSilence(of)
  })
})
