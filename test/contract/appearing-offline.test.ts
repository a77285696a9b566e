import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { viewOwnPresence } from '../../src/application/own-presence.ts'
import { endForUsers, publishForUsers } from '../../src/application/publish-for-users.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { viewPresence } from '../../src/application/view-presence.ts'
import { presenceSourceOf } from '../../src/application/what-is-seen.ts'
import { composePresence } from '../../src/domain/presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { HidingModel } from '../support/hiding-model.ts'
import { newUser } from '../support/new-user.ts'
import { POLICY } from '../support/policy.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'

const LEASE_MS = 600_000
const CLASSES = ['default', 'one', 'other'] as const
const SESSIONS = ['desk', 'phone', 'line of a service'] as const

const anyClass = fc.constantFrom(...CLASSES)
const anySession = fc.constantFrom(...SESSIONS)
const anyAct = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('publish'), session: anySession }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('end'), session: anySession }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('lapse'), ms: fc.constantFrom(200_000, LEASE_MS) }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('choose'), hidden: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constant('set class'), name: anyClass, allows: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('assign'), name: anyClass }) },
) as fc.Arbitrary<Act>

type Act =
  | { act: 'publish' | 'end'; session: (typeof SESSIONS)[number] }
  | { act: 'lapse'; ms: number }
  | { act: 'choose'; hidden: boolean }
  | { act: 'set class'; name: (typeof CLASSES)[number]; allows: boolean }
  | { act: 'assign'; name: (typeof CLASSES)[number] }

onEachStorage((storage) => {
  const service = newUser('ocs')

  /** Users of a history: pia, and wim whom she has allowed. Classes are of this history alone, except for the default one. */
  async function history() {
    const [pia, wim, mark] = [newUser('pia'), newUser('wim'), newUser('class')]
    const nameOf = (name: string): string => (name === 'default' ? 'default' : `${name} ${mark}`)
    const setClass = (name: string, appearOfflineAllowed: boolean) =>
      storage().setClass({ ...DEFAULT_CLASS, name: nameOf(name), appearOfflineAllowed })
    for (const name of CLASSES) await setClass(name, true)
    const model = new HidingModel({ default: true, one: true, other: true }, 'default')
    const take = async (act: Act): Promise<void> => {
      switch (act.act) {
        case 'publish':
          await publish(pia, act.session)
          model.publish(act.session, LEASE_MS)
          return
        case 'end':
          await endSession(pia, act.session)
          model.end(act.session)
          return
        case 'lapse':
          await storage().passTime(act.ms)
          model.pass(act.ms)
          return
        case 'choose': {
          const set = await setPreference(storage().privacy, {
            user: pia,
            change: { appearOffline: act.hidden },
          })
          expect(set).toEqual({ locked: model.choose(act.hidden) ? ['appearOffline'] : [] })
          return
        }
        case 'set class':
          await setClass(act.name, act.allows)
          model.setClass(act.name, act.allows)
          return
        case 'assign':
          await storage().setUser(pia, { classOfService: nameOf(act.name) })
          model.assign(act.name)
      }
    }
    return { pia, wim, model, take }
  }

  const said = { status: 'BUSY', activity: null, note: 'here', leaseMs: LEASE_MS } as const
  const publish = (user: UserId, session: string) =>
    session === SESSIONS[2]
      ? publishForUsers(storage(), { service, publications: [{ user, session: 'line', ...said }] })
      : publishPresence(storage(), { user, session, ...said })
  const endSession = (user: UserId, session: string) =>
    session === SESSIONS[2]
      ? endForUsers(storage().sessions, { service, ended: [{ user, session: 'line' }] })
      : storage().sessions.end({ user, id: session })

  /** Every path that says whether pia appears offline. */
  const told = async ({ pia, wim }: { pia: UserId; wim: UserId }) => {
    const own = await viewOwnPresence({ ...storage(), ...POLICY }, pia)
    const seen = await viewPresence({ ...storage(), ...POLICY }, { watcher: wim, presentities: [pia] })
    const { now, presentities } = await storage().live.look({ presentities: [pia], watchers: new Map() })
    const live = presentities.get(pia)
    return {
      appearsOffline: own.appearsOffline,
      locked: own.appearOfflineLocked,
      own: own.presence.status,
      toOthers: seen.get(pia)?.presence.status,
      onStreams: live ? composePresence(presenceSourceOf(live, POLICY.policy), now).status : 'OFFLINE',
    }
  }
  const right = ({ model }: { model: HidingModel }) => {
    const shown = model.isConnected && !model.appearsOffline ? 'BUSY' : 'OFFLINE'
    return {
      appearsOffline: model.appearsOffline,
      locked: !model.allowed,
      own: model.isConnected ? 'BUSY' : 'OFFLINE',
      toOthers: shown,
      onStreams: shown,
    }
  }
  const allow = (pia: UserId, wim: UserId) =>
    decideAccess(storage().privacy, { presentity: pia, watchers: [wim], verdict: 'ALLOWED', endsAt: null })

  /** Acts are at least this far from each other, so that the order of two is that of their milliseconds. */
  const tick = async (model: HidingModel) => {
    await storage().passTime(2)
    model.pass(2)
  }

  const follow = async (acts: readonly Act[]): Promise<void> => {
    const of = await history()
    await allow(of.pia, of.wim)
    for (const [place, act] of acts.entries()) {
      await of.take(act)
      await tick(of.model)
      expect(await told(of), `after ${JSON.stringify(acts.slice(0, place + 1))}`).toEqual(right(of))
    }
  }

  it('a user who hides in the middle of a session is not exposed when the class forbids it again', () =>
    follow([
      { act: 'set class', name: 'one', allows: false },
      { act: 'assign', name: 'one' },
      { act: 'publish', session: 'desk' },
      { act: 'set class', name: 'one', allows: true },
      { act: 'choose', hidden: true },
      { act: 'set class', name: 'one', allows: false },
      { act: 'publish', session: 'phone' },
      { act: 'end', session: 'desk' },
    ]))

  it('a session that begins while an older one still hides does not inherit the hiding', () =>
    follow([
      { act: 'choose', hidden: true },
      { act: 'publish', session: 'desk' },
      { act: 'set class', name: 'default', allows: false },
      { act: 'publish', session: 'phone' },
      { act: 'publish', session: 'line of a service' },
      { act: 'end', session: 'desk' },
      { act: 'end', session: 'phone' },
    ]))

  it('a class that forbade it a while ago hides nobody who comes to it and was shown', () =>
    follow([
      { act: 'choose', hidden: true },
      { act: 'set class', name: 'default', allows: false },
      { act: 'publish', session: 'desk' },
      { act: 'set class', name: 'one', allows: false },
      { act: 'assign', name: 'one' },
    ]))

  it('a change to a class that forbids it exposes nobody, however often, until the session ends', () =>
    follow([
      { act: 'set class', name: 'one', allows: false },
      { act: 'assign', name: 'one' },
      { act: 'publish', session: 'desk' },
      { act: 'set class', name: 'one', allows: true },
      { act: 'choose', hidden: true },
      { act: 'assign', name: 'other' },
      { act: 'set class', name: 'other', allows: false },
      { act: 'publish', session: 'phone' },
      { act: 'assign', name: 'one' },
      { act: 'end', session: 'desk' },
      { act: 'set class', name: 'default', allows: false },
      { act: 'assign', name: 'default' },
    ]))

  it('a session that begins while the class comes to forbid it is hidden to its end, or not at all', async () => {
    const forbid: Act = { act: 'set class', name: 'one', allows: false }
    const begin: Act = { act: 'publish', session: 'desk' }
    for (let round = 0; round < 20; round++) {
      const of = await history()
      await allow(of.pia, of.wim)
      await of.take({ act: 'assign', name: 'one' })
      await of.take({ act: 'choose', hidden: true })
      const atOnce = round % 2 === 0 ? [forbid, begin] : [begin, forbid]
      await Promise.all(atOnce.map((act) => of.take(act)))

      const then = await told(of)
      const shown = then.appearsOffline ? 'OFFLINE' : 'BUSY'
      expect(then).toMatchObject({ locked: true, own: 'BUSY', toOthers: shown, onStreams: shown })
      await tick(of.model)
      expect(await told(of)).toEqual(then)
      await of.take({ act: 'end', session: 'desk' })
      await tick(of.model)
      await of.take(begin)
      expect(await told(of)).toMatchObject({ appearsOffline: false, toOthers: 'BUSY', onStreams: 'BUSY' })
    }
  }, 60_000)

  it('any history leads to what rule 13 says of it, on every path', async () => {
    await fc.assert(fc.asyncProperty(fc.array(anyAct, { minLength: 3, maxLength: 14 }), follow), {
      numRuns: 'clock' in storage() ? 500 : 20,
      endOnFailure: true,
    })
  }, 120_000)
})
