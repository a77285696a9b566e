import { describe, expect, it } from 'vitest'
import { decideMessages } from '../../src/application/decide-messages.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import type { PairOf } from '../../src/application/ports.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { viewPresence } from '../../src/application/view-presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { causesOfOffline, seesContactsOnly } from '../support/causes-of-offline.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import type { Storage } from '../support/storage.ts'
import { POLICY } from '../support/policy.ts'

const DELIVERED = { permitted: true, senderOutcome: 'DELIVERED' }
const UNSEEN = { permitted: true, senderOutcome: 'NOT_DELIVERED' }
const NOT_PERMITTED = { permitted: false, senderOutcome: 'NOT_DELIVERED' }

/** The causes for which she has allowed him all the same; he must not notice. */
const PERMITTED = [
  'never asked, allowed: appearing offline',
  'never asked, allowed: blocked by the watcher',
  'never asked, allowed: lease ended',
  'never asked, allowed: offline',
  'asked, allowed: offline',
  'asked, allowed, asked again: offline',
  'asked, accepted automatically: offline',
]

onEachStorage((storage) => {
  describe('an instant message', () => {
    it('to somebody shown Offline is answered in one way, for every cause; whoever carries it knows better', async () => {
      const { watcher, causes, shown } = await causesOfOffline(storage())
      const presentities = [shown, ...causes.map(({ presentity }) => presentity)]
      const decided = await decide(
        storage(),
        presentities.map((presentity) => ({ presentity, watcher })),
      )
      const seen = await viewPresence({ ...storage(), ...POLICY }, { watcher, presentities })

      expect(decided.shift()).toEqual(DELIVERED)
      expect(seen.get(shown)?.canBeMessaged).toBe(true)
      for (const [place, { cause, group, presentity }] of causes.entries()) {
        expect(decided[place]?.senderOutcome, `${group}: ${cause}`).toBe('NOT_DELIVERED')
        expect(seen.get(presentity)?.canBeMessaged, `${group}: ${cause}`).toBe(false)
      }
      const permitted = causes.filter((_, place) => decided[place]?.permitted)
      expect(permitted.map(({ cause, group }) => `${group}: ${cause}`).sort()).toEqual([...PERMITTED].sort())
    })

    it('of a user who sees contacts only is answered alike for everybody else', async () => {
      const { watcher, shown, causes } = await causesOfOffline(storage())
      await seesContactsOnly(storage(), watcher)
      const presentities = [shown, ...causes.map(({ presentity }) => presentity)]

      const decided = await decide(
        storage(),
        presentities.map((presentity) => ({ presentity, watcher })),
      )

      expect(decided[0]).toEqual(UNSEEN)
      expect(new Set(decided.map(({ senderOutcome }) => senderOutcome))).toEqual(new Set(['NOT_DELIVERED']))
    })

    it('is not permitted while its sender waits, though the sender sees the recipient', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await storage().setUser(pia, { presenceServer: 'OCS_2007' })
      await connect(storage(), pia)
      const ask = { trigger: 'INSTANT_MESSAGE', addToContacts: false } as const
      await requestAccess(storage().privacy, { watcher: wim, presentities: [pia], ...ask })

      const seen = await viewPresence({ ...storage(), ...POLICY }, { watcher: wim, presentities: [pia] })
      expect(seen.get(pia)).toMatchObject({
        presence: { status: 'BUSY' },
        access: 'PENDING',
        canBeMessaged: false,
      })
      expect(await decide(storage(), [{ presentity: pia, watcher: wim }])).toEqual([NOT_PERMITTED])
    })

    it('is permitted in one direction and not in the other', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await connect(storage(), pia)
      await connect(storage(), wim)
      await allow(storage(), { presentity: pia, watcher: wim })

      const pairs = [
        { presentity: pia, watcher: wim },
        { presentity: wim, watcher: pia },
      ]
      expect(await decide(storage(), pairs)).toEqual([DELIVERED, NOT_PERMITTED])
    })

    it('is permitted by a grant until it ends', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      await connect(storage(), pia)
      const { now } = await storage().facts.readFacts({ watcher: wim, presentities: [] })
      await allow(storage(), { presentity: pia, watcher: wim }, now + 600_000)

      expect(await decide(storage(), [{ presentity: pia, watcher: wim }])).toEqual([DELIVERED])
      await storage().passTime(600_000)
      expect(await decide(storage(), [{ presentity: pia, watcher: wim }])).toEqual([NOT_PERMITTED])
    })

    it('to oneself is none', async () => {
      const pia = newUser('pia')
      await connect(storage(), pia)

      expect(await decide(storage(), [{ presentity: pia, watcher: pia }])).toEqual([NOT_PERMITTED])
      const seen = await viewPresence({ ...storage(), ...POLICY }, { watcher: pia, presentities: [pia] })
      expect(seen.get(pia)).toMatchObject({ presence: { status: 'BUSY' }, canBeMessaged: false })
    })

    it('is decided among many of different senders as it is alone, repeated or not', async () => {
      const [pia, eve, unknown] = [newUser('pia'), newUser('eve'), newUser('unknown')]
      const [wim, zoe] = [newUser('wim'), newUser('zoe')]
      await connect(storage(), pia)
      await connect(storage(), pia)
      await connect(storage(), eve)
      await setPreference(storage().privacy, { user: eve, change: { appearOffline: true } })
      for (const [presentity, watcher] of [
        [pia, wim],
        [pia, zoe],
        [eve, wim],
      ] as const) {
        await allow(storage(), { presentity, watcher })
      }
      await seesContactsOnly(storage(), zoe)
      const pairs = [pia, eve, unknown].flatMap((presentity) =>
        [wim, zoe, unknown].map((watcher) => ({ presentity, watcher })),
      )

      const together = await decide(storage(), [...pairs, ...pairs])

      const alone = []
      for (const pair of pairs) alone.push(...(await decide(storage(), [pair])))
      expect(together).toEqual([...alone, ...alone])
      expect(alone).toEqual([
        ...[DELIVERED, UNSEEN, NOT_PERMITTED],
        ...[UNSEEN, NOT_PERMITTED, NOT_PERMITTED],
        ...[NOT_PERMITTED, NOT_PERMITTED, NOT_PERMITTED],
      ])
    })
  })

  it('facts of pairs are, for each watcher, those that decide what this watcher is shown', async () => {
    const { watcher, causes, shown } = await causesOfOffline(storage())
    const presentities = [shown, watcher, ...causes.map(({ presentity }) => presentity)]
    const other = newUser('other')
    const ofPairs = await storage().facts.readFactsOfPairs([
      ...presentities.map((presentity) => ({ presentity, watcher })),
      { presentity: shown, watcher: other },
    ])

    expect([...ofPairs.keys()].sort()).toEqual([watcher, other].sort())
    for (const [each, looksAt] of [
      [watcher, presentities],
      [other, [shown]],
    ] as const) {
      const { now, ...facts } = await storage().facts.readFacts({ watcher: each, presentities: looksAt })
      expect(ofPairs.get(each)).toMatchObject(facts)
      expect(ofPairs.get(each)?.now).toBeLessThanOrEqual(now)
    }
    expect(new Set([...ofPairs.values()].map(({ now }) => now)).size).toBe(1)
  })
})

async function decide(storage: Storage, pairs: readonly PairOf[]) {
  const decided = await decideMessages({ ...storage, ...POLICY }, pairs)
  return decided.map(({ presentity, watcher, ...messaging }, place) => {
    expect({ presentity, watcher }).toEqual(pairs[place])
    return messaging
  })
}

/** Another device of hers. */
function connect(storage: Storage, user: UserId) {
  const said = { session: null, status: 'BUSY', activity: null, note: null, leaseMs: 3_600_000 } as const
  return publishPresence(storage, { user, ...said })
}

function allow(storage: Storage, { presentity, watcher }: PairOf, endsAt: number | null = null) {
  return decideAccess(storage.privacy, { presentity, watchers: [watcher], verdict: 'ALLOWED', endsAt })
}
