import { expect, it } from 'vitest'
import { explainSight, type ExplainedSight } from '../../src/application/explain-sight.ts'
import { addContactsAndAsk } from '../../src/application/manage-contacts.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import type { PairOf } from '../../src/application/ports.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import type { DisclosureFacts } from '../../src/domain/disclosure.ts'
import { NO_EDGE } from '../../src/domain/edge.ts'
import { OFFLINE } from '../../src/domain/presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { ROOT } from '../support/administrators.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { POLICY } from '../support/policy.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'

const FACTS: DisclosureFacts = {
  self: false,
  edge: 'NONE',
  presenceServer: 'NONE_KNOWN',
  shownWhenAsked: false,
  pendingShownByClass: true,
  onlyContactsSeen: false,
  contact: false,
  blockedByWatcher: false,
}
/** What is explained of two users of whom nothing is stored. */
const NOTHING: Omit<ExplainedSight, 'now'> = {
  presence: OFFLINE,
  disclosed: false,
  step: 'EDGE',
  composedBy: null,
  facts: FACTS,
  edge: NO_EDGE,
  access: 'NONE',
  presentityClass: 'default',
  watcherClass: 'default',
}
const SELF = { disclosed: true, step: 'SELF', access: 'ALLOWED', facts: { ...FACTS, self: true } } as const
const BUSY = { status: 'BUSY', activity: null, note: 'here' } as const

onEachStorage((storage) => {
  const explain = async (of: PairOf): Promise<Omit<ExplainedSight, 'now'>> => {
    const { now, ...explained } = await explainSight({ ...storage(), ...POLICY }, { actor: ROOT, ...of })
    expect(now).toBeGreaterThan(0)
    return explained
  }
  const pair = (): PairOf => ({ presentity: newUser('pia'), watcher: newUser('wim') })
  const publish = (user: UserId) =>
    publishPresence(storage(), { user, session: 'desk', ...BUSY, leaseMs: 600_000 })
  const decide = ({ presentity, watcher }: PairOf, verdict: 'ALLOWED' | 'BLOCKED') =>
    decideAccess(storage().privacy, { presentity, watchers: [watcher], verdict, endsAt: null })
  const ask = ({ presentity, watcher }: PairOf) =>
    requestAccess(storage().privacy, {
      ...{ watcher, presentities: [presentity], trigger: 'CALL', addToContacts: false },
    })
  const addContact = ({ presentity, watcher }: PairOf) =>
    addContactsAndAsk(storage().privacy, { watcher, presentities: [presentity] })
  const putInto = async (user: UserId, settings: Partial<typeof DEFAULT_CLASS>) => {
    const name = newUser('class')
    await storage().setClass({ ...DEFAULT_CLASS, ...settings, name })
    await storage().setUser(user, { classOfService: name })
    return name
  }

  it('of users of whom nothing is stored, the default class and that nothing was decided', async () => {
    expect(await explain(pair())).toEqual(NOTHING)
  })

  it('of a presentity of whom nothing is stored, what administrators set for everybody, and not the watcher’s class', async () => {
    const of = pair()
    const watcherClass = await putInto(of.watcher, { pendingShown: false })
    await storage().administration.setSite({ actor: ROOT, presenceServer: 'OCS_2007' })
    try {
      expect(await explain(of)).toEqual({
        ...NOTHING,
        facts: { ...FACTS, presenceServer: 'OCS_2007' },
        watcherClass,
      })
    } finally {
      await storage().administration.setSite({ actor: ROOT, presenceServer: 'NONE_KNOWN' })
    }
  })

  it('of users who watch themselves: their own presence, whatever they have chosen', async () => {
    const silent = newUser('silent')
    expect(await explain({ presentity: silent, watcher: silent })).toEqual({
      ...NOTHING,
      ...SELF,
      composedBy: 'NO_LIVE_SESSION',
    })
    const pia = newUser('pia')
    await publish(pia)
    await setPreference(storage().privacy, { user: pia, change: { appearOffline: true } })
    expect(await explain({ presentity: pia, watcher: pia })).toEqual({
      ...NOTHING,
      ...SELF,
      presence: BUSY,
      composedBy: 'SESSION',
    })
  })

  it('of a presentity who allows the watcher, what the presence is made of', async () => {
    const of = pair()
    await publish(of.presentity)
    await decide(of, 'ALLOWED')
    const allowed = { facts: { ...FACTS, edge: 'ALLOWED' }, disclosed: true, access: 'ALLOWED' }
    const shown = await explain(of)
    expect(shown).toEqual({
      ...{ ...NOTHING, ...allowed, presence: BUSY, composedBy: 'SESSION' },
      edge: { ...NO_EDGE, state: 'ALLOWED', origin: 'SET', since: shown.edge.since },
    })
    await setPreference(storage().privacy, { user: of.presentity, change: { appearOffline: true } })
    expect(await explain(of)).toEqual({ ...shown, presence: OFFLINE, composedBy: 'APPEARS_OFFLINE' })
  })

  it('of a presentity who has blocked the watcher, nothing of the presence', async () => {
    const of = pair()
    await publish(of.presentity)
    await decide(of, 'BLOCKED')
    const hidden = await explain(of)
    expect(hidden).toEqual({
      ...{ ...NOTHING, facts: { ...FACTS, edge: 'BLOCKED' } },
      edge: { ...NO_EDGE, state: 'BLOCKED', origin: 'SET', since: hidden.edge.since },
    })
  })

  it('of a request that waits, whether it shows, and that it is over when it has expired', async () => {
    const of = pair()
    await publish(of.presentity)
    await storage().setUser(of.presentity, { presenceServer: 'OCS_2007' })
    await ask(of)
    const shown = await explain(of)
    const facts = { ...FACTS, edge: 'PENDING', presenceServer: 'OCS_2007', shownWhenAsked: true } as const
    expect(shown).toEqual({
      ...{ ...NOTHING, facts, disclosed: true, step: 'PENDING_SHOWN_BY_CLASS', access: 'PENDING' },
      ...{ presence: BUSY, composedBy: 'SESSION', edge: shown.edge },
    })
    expect(shown.edge).toMatchObject({ state: 'PENDING', shownWhenAsked: true })
    const presentityClass = await putInto(of.presentity, { pendingShown: false })
    expect(await explain(of)).toEqual({
      ...shown,
      ...{ facts: { ...facts, pendingShownByClass: false }, presentityClass, disclosed: false },
      ...{ presence: OFFLINE, composedBy: null },
    })
    await storage().passTime(DEFAULT_CLASS.requestLifetimeMs + DEFAULT_CLASS.requestCooldownMs)
    expect(await explain(of)).toEqual({
      ...{ ...NOTHING, presentityClass },
      facts: { ...FACTS, presenceServer: 'OCS_2007', pendingShownByClass: false },
    })
  })

  it('of a watcher who blocks the presentity, or sees contacts alone, that this decides', async () => {
    const of = pair()
    await publish(of.presentity)
    await decide(of, 'ALLOWED')
    const { edge } = await explain(of)
    const watcherClass = await putInto(of.watcher, { invitationHandling: 'PROMPT' })
    const allowed = { ...NOTHING, edge, access: 'ALLOWED', watcherClass } as const
    const facts = { ...FACTS, edge: 'ALLOWED', onlyContactsSeen: true } as const
    expect(await explain(of)).toEqual({ ...allowed, facts, step: 'ONLY_CONTACTS_SEEN' })
    await addContact(of)
    const seen = { disclosed: true, presence: BUSY, composedBy: 'SESSION' }
    expect(await explain(of)).toEqual({ ...allowed, ...seen, facts: { ...facts, contact: true } })
    await decide({ presentity: of.watcher, watcher: of.presentity }, 'BLOCKED')
    expect(await explain(of)).toEqual({
      ...{ ...allowed, step: 'BLOCKED_BY_WATCHER' },
      facts: { ...facts, contact: true, blockedByWatcher: true },
    })
  })
})
