import { expect, it } from 'vitest'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import type { PairOf } from '../../src/application/ports.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { viewPresence } from '../../src/application/view-presence.ts'
import { OFFLINE } from '../../src/domain/presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { POLICY } from '../support/policy.ts'

const HOUR_MS = 3_600_000
const BUSY = { status: 'BUSY', activity: null, note: 'here' } as const
const SHOWN = { presence: BUSY, access: 'ALLOWED', canBeMessaged: true }
const HIDDEN = { presence: OFFLINE, access: 'ALLOWED', canBeMessaged: false }

onEachStorage((storage) => {
  const sees = async ({ presentity, watcher }: PairOf) =>
    (await viewPresence({ ...storage(), ...POLICY }, { watcher, presentities: [presentity] })).get(presentity)
  const publish = (user: UserId) =>
    publishPresence(storage(), { user, session: 'desk', ...BUSY, leaseMs: 4 * HOUR_MS })
  const decide = (
    { presentity, watcher }: PairOf,
    verdict: 'ALLOWED' | 'BLOCKED',
    endsAt: number | null = null,
  ) => decideAccess(storage().privacy, { presentity, watchers: [watcher], verdict, endsAt })

  it('users see themselves as they are, as somebody who allows them', async () => {
    const pia = newUser('pia')
    const self = { presentity: pia, watcher: pia }
    expect(await sees(self)).toEqual({ presence: OFFLINE, access: 'ALLOWED', canBeMessaged: false })
    await publish(pia)
    await setPreference(storage().privacy, { user: pia, change: { appearOffline: true } })
    expect(await sees(self)).toMatchObject({ presence: BUSY, access: 'ALLOWED' })
  })

  it('a presentity whom the watcher has blocked and allows for a time is seen until that ends', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const [of, opposite] = [
      { presentity: pia, watcher: wim },
      { presentity: wim, watcher: pia },
    ]
    await publish(pia)
    await decide(of, 'ALLOWED')
    expect(await sees(of)).toEqual(SHOWN)
    await decide(opposite, 'BLOCKED')
    expect(await sees(of)).toEqual(HIDDEN)
    const { now } = await storage().facts.readFacts({ watcher: wim, presentities: [] })
    await decide(opposite, 'ALLOWED', now + HOUR_MS)
    expect(await sees(of)).toEqual(SHOWN)
    await storage().passTime(HOUR_MS)
    expect(await sees(of)).toEqual(HIDDEN)
  })
})
