import fc from 'fast-check'
import type { PresenceServer } from '../../src/domain/disclosure.ts'
import type { InvitationHandling } from '../../src/domain/invitation-handling.ts'
import type { Presence } from '../../src/domain/presence.ts'
import { TRIGGERS, type Trigger } from '../../src/domain/request.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { CLASS_HANDLINGS, HANDLINGS, PRESENCE_SERVERS } from './domain-values.ts'
import { anyPublication } from './domain-arbitraries.ts'
import type { PresentityClass, WatcherClass } from './expected-sight.ts'
import { DEFAULT_CLASS, type Storage } from './storage.ts'

type Verdict = 'ALLOWED' | 'BLOCKED'

/** Whatever a watcher, a presentity, her administrators and the clock can do. */
export type TwinAct =
  | {
      readonly act: 'ask'
      readonly trigger: Trigger
      readonly addToContacts: boolean
      readonly twinFirst: boolean
    }
  | { readonly act: 'withdraw'; readonly back: number }
  | { readonly act: 'add contact'; readonly twinFirst: boolean }
  | { readonly act: 'remove contact' }
  | { readonly act: 'watcher decides'; readonly verdict: Verdict; readonly grantMs: number | null }
  | { readonly act: 'watcher deletes' }
  | { readonly act: 'watcher chooses handling'; readonly handling: InvitationHandling }
  | { readonly act: 'watcher answers'; readonly tick: boolean; readonly addToContacts: boolean }
  | { readonly act: 'watcher moves to class'; readonly to: WatcherClass }
  | { readonly act: 'time passes'; readonly ms: number }
  | { readonly act: 'sweep' }
  | { readonly act: 'answer'; readonly tick: boolean; readonly alwaysAccept: boolean }
  | { readonly act: 'decide'; readonly verdict: Verdict; readonly grantMs: number | null }
  | { readonly act: 'delete' }
  | { readonly act: 'ask the watcher'; readonly trigger: Trigger }
  | { readonly act: 'choose handling'; readonly handling: InvitationHandling }
  | { readonly act: 'move to class'; readonly to: PresentityClass }
  | { readonly act: 'move to server'; readonly server: PresenceServer }
  | {
      readonly act: 'publish'
      readonly said: Presence & { readonly status: Exclude<Presence['status'], 'OFFLINE'> }
    }
  | { readonly act: 'disconnect' }
  | { readonly act: 'appear offline'; readonly hidden: boolean }

/** Requests live for one or for sixty minutes, so that grants end before, with and after them. */
const LIFETIMES_MS = [60_000, 3_600_000]
const anyGrantMs = fc.option(fc.constantFrom(30_000, 60_000, 600_000), { freq: 2 })
const anyVerdict = fc.constantFrom<Verdict>('ALLOWED', 'BLOCKED')
const anyTrigger = fc.constantFrom(...TRIGGERS)
const PRESENTITY_CLASSES: readonly PresentityClass[] = CLASS_HANDLINGS.flatMap((handling) =>
  [true, false].map((pendingShown) => ({ handling, pendingShown })),
)
/** No cooldown, one that ends with the short lifetime, and one that outlasts it and the longest step of time. */
const COOLDOWNS_MS = [0, 60_000, 900_000]
/** Room for everything, for two rounds a minute, and for five a day. */
const LIMITS = [
  { perMinute: 100, perDay: 1000 },
  { perMinute: 4, perDay: 1000 },
  { perMinute: 100, perDay: 10 },
]
const WATCHER_CLASSES: readonly WatcherClass[] = (['USER_DEFINED', 'PROMPT'] as const).flatMap((handling) =>
  LIFETIMES_MS.flatMap((lifetimeMs) =>
    COOLDOWNS_MS.flatMap((cooldownMs) =>
      LIMITS.map((limits) => ({ handling, lifetimeMs, cooldownMs, ...limits })),
    ),
  ),
)

/** Notes as the API leaves them: what it does to others is a matter of its own tests. */
const anySaid = fc
  .tuple(anyPublication, fc.constantFrom(null, 'in', 'bis fünf', '会議中'))
  .map(([said, note]) => ({ ...said, note }))

/** Acts, the telling ones more often. */
export const TWIN_ACTS: readonly fc.Arbitrary<TwinAct>[] = [
  ...times(3, {
    act: fc.constant('ask' as const),
    trigger: anyTrigger,
    addToContacts: fc.boolean(),
    twinFirst: fc.boolean(),
  }),
  ...times(2, { act: fc.constant('withdraw' as const), back: fc.nat({ max: 2 }) }),
  ...times(1, { act: fc.constant('add contact' as const), twinFirst: fc.boolean() }),
  ...times(2, { act: fc.constant('remove contact' as const) }),
  ...times(1, { act: fc.constant('watcher decides' as const), verdict: anyVerdict, grantMs: anyGrantMs }),
  ...times(1, { act: fc.constant('watcher deletes' as const) }),
  ...times(1, {
    act: fc.constant('watcher chooses handling' as const),
    handling: fc.constantFrom(...HANDLINGS),
  }),
  ...times(1, {
    act: fc.constant('watcher answers' as const),
    tick: fc.boolean(),
    addToContacts: fc.boolean(),
  }),
  ...times(1, {
    act: fc.constant('watcher moves to class' as const),
    to: fc.constantFrom(...WATCHER_CLASSES),
  }),
  ...times(2, { act: fc.constant('time passes' as const), ms: fc.constantFrom(10_000, 60_000, 600_000) }),
  ...times(2, { act: fc.constant('sweep' as const) }),
  ...times(2, { act: fc.constant('answer' as const), tick: fc.boolean(), alwaysAccept: fc.boolean() }),
  ...times(2, { act: fc.constant('decide' as const), verdict: anyVerdict, grantMs: anyGrantMs }),
  ...times(2, { act: fc.constant('delete' as const) }),
  ...times(1, { act: fc.constant('ask the watcher' as const), trigger: anyTrigger }),
  ...times(1, { act: fc.constant('choose handling' as const), handling: fc.constantFrom(...HANDLINGS) }),
  ...times(1, { act: fc.constant('move to class' as const), to: fc.constantFrom(...PRESENTITY_CLASSES) }),
  ...times(1, { act: fc.constant('move to server' as const), server: fc.constantFrom(...PRESENCE_SERVERS) }),
  ...times(2, { act: fc.constant('publish' as const), said: anySaid }),
  ...times(1, { act: fc.constant('disconnect' as const) }),
  ...times(1, { act: fc.constant('appear offline' as const), hidden: fc.boolean() }),
]

function times<Act extends TwinAct>(
  weight: number,
  act: { [Part in keyof Act]: fc.Arbitrary<Act[Part]> },
): fc.Arbitrary<TwinAct>[] {
  return Array.from({ length: weight }, () => fc.record(act) as fc.Arbitrary<TwinAct>)
}

/** Every class that an act can move anybody to. */
export async function setUpClasses(storage: Storage): Promise<void> {
  for (const { handling, pendingShown } of PRESENTITY_CLASSES) {
    const name = presentityClass({ handling, pendingShown })
    await storage.setClass({ ...DEFAULT_CLASS, name, invitationHandling: handling, pendingShown })
  }
  for (const watchers of WATCHER_CLASSES) {
    const { handling, lifetimeMs, cooldownMs, perMinute, perDay } = watchers
    await storage.setClass({
      ...DEFAULT_CLASS,
      name: watcherClass(watchers),
      invitationHandling: handling,
      requestLifetimeMs: lifetimeMs,
      requestCooldownMs: cooldownMs,
      requestLimits: { perMinute, perDay },
    })
  }
}

export function presentityClass({ handling, pendingShown }: PresentityClass): string {
  return `presentities, ${handling}, ${pendingShown ? 'pending shown' : 'pending hidden'}`
}

export function watcherClass({ handling, lifetimeMs, cooldownMs, perMinute, perDay }: WatcherClass): string {
  return `watchers, ${[handling, lifetimeMs, cooldownMs, perMinute, perDay].join(', ')}`
}

/** Ids as their owner tells them apart: which of those that he has read of one user this one is. */
export class IdsRead {
  readonly #byUser = new Map<UserId, string[]>()

  place(user: UserId, id: string): number {
    const ids = this.of(user)
    if (!ids.includes(id)) ids.push(id)
    return ids.indexOf(id)
  }

  of(user: UserId): string[] {
    let ids = this.#byUser.get(user)
    if (ids === undefined) this.#byUser.set(user, (ids = []))
    return ids
  }
}
