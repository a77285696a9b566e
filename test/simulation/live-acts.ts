import type { InvitationHandling } from '../../src/domain/invitation-handling.ts'
import type { PresenceServer } from '../../src/domain/disclosure.ts'
import { PUBLISHABLE_STATUSES, type PublishableStatus } from '../../src/domain/presence.ts'
import type { Trigger } from '../../src/domain/request.ts'
import { READS, SIGNALS, type Reads, type SignalsArrive } from './live-instance.ts'
import type { Random } from './live-random.ts'

/** Users, instances and streams by number: a schedule is data, and can be printed and taken again. */
export type Act =
  | {
      readonly act: 'publish'
      readonly user: number
      readonly device: string
      readonly status: PublishableStatus
      readonly leaseMs: number
      readonly inactiveForMs: number
    }
  | { readonly act: 'renew'; readonly user: number; readonly device: string; readonly leaseMs: number }
  | { readonly act: 'end'; readonly user: number; readonly device: string }
  | {
      readonly act: 'set by hand'
      readonly user: number
      readonly status: PublishableStatus | null
      readonly forMs: number | null
    }
  | { readonly act: 'appear offline'; readonly user: number; readonly hidden: boolean }
  | { readonly act: 'choose handling'; readonly user: number; readonly handling: InvitationHandling }
  | {
      readonly act: 'ask'
      readonly watcher: number
      readonly presentity: number
      readonly trigger: Trigger
      readonly addToContacts: boolean
    }
  | { readonly act: 'withdraw'; readonly watcher: number; readonly presentity: number }
  | { readonly act: 'answer'; readonly user: number; readonly tick: boolean; readonly addToContacts: boolean }
  | {
      readonly act: 'allow'
      readonly presentity: number
      readonly watcher: number
      readonly forMs: number | null
    }
  | { readonly act: 'block' | 'delete'; readonly presentity: number; readonly watcher: number }
  | { readonly act: 'add contact' | 'remove contact'; readonly watcher: number; readonly presentity: number }
  | {
      readonly act: 'change class'
      readonly name: ClassName
      readonly settings: {
        readonly invitationHandling?: InvitationHandling | 'USER_DEFINED'
        readonly pendingShown?: boolean
        readonly appearOfflineAllowed?: boolean
      }
    }
  | { readonly act: 'assign class'; readonly user: number; readonly name: ClassName }
  | { readonly act: 'set server'; readonly user: number | 'SITE'; readonly server: PresenceServer }
  | { readonly act: 'erase'; readonly user: number }
  | { readonly act: 'sweep' }
  | {
      readonly act: 'open'
      readonly watcher: number
      readonly users: readonly number[] | 'CONTACTS'
      readonly on: number
      readonly asks: boolean
    }
  | { readonly act: 'close' | 'look away'; readonly stream: number; readonly forMs: number }
  | { readonly act: 'reads become'; readonly on: number; readonly reads: Reads }
  | { readonly act: 'signals become'; readonly on: number; readonly arrive: SignalsArrive }
  | { readonly act: 'crash'; readonly on: number; readonly forMs: number }

export const CLASSES = ['default', 'office'] as const
type ClassName = (typeof CLASSES)[number]

export const USERS = 4
/** The first ones; the others are looked at, and ask them. */
export const WATCHERS = 2
const SERVERS = ['OCS_2007', 'CONVERGED_CONFERENCING', 'NONE_KNOWN'] as const

/** Where it matters: whom somebody looks at, and who does. */
export function pairOf(
  random: Random,
  { watcher, users }: Act & { act: 'open' },
): { presentity: number; watcher: number } {
  const others = (users === 'CONTACTS' ? all() : users).filter((user) => user !== watcher)
  return {
    presentity: random.pick(others.length > 0 ? others : all().filter((user) => user !== watcher)),
    watcher,
  }
}

export type Around = {
  readonly pair: () => { readonly presentity: number; readonly watcher: number }
  readonly instances: number
  /** Every stream that is opened at the beginning. */
  readonly watched: readonly (Act & { act: 'open' })[]
}

/** As often as the weight says. */
export const KINDS: readonly (readonly [number, (random: Random, around: Around) => Act])[] = [
  [14, (random, { pair }) => publish(random, pair().presentity)],
  [
    2,
    (random, { pair }) => ({
      act: 'renew',
      user: pair().presentity,
      device: device(random),
      leaseMs: lease(random),
    }),
  ],
  [4, (random, { pair }) => ({ act: 'end', user: pair().presentity, device: device(random) })],
  [
    2,
    (random, { pair }) => ({
      act: 'set by hand',
      user: pair().presentity,
      status: random.pick([null, 'BUSY', 'AWAY'] as const),
      forMs: random.pick([null, 800, 2500]),
    }),
  ],
  [3, (random, { pair }) => ({ act: 'appear offline', user: pair().presentity, hidden: random.chance(0.5) })],
  [
    2,
    (random, { pair }) => ({
      act: 'choose handling',
      user: pair().presentity,
      handling: random.pick(['PROMPT', 'AUTO_ACCEPT'] as const),
    }),
  ],
  [
    5,
    (random, { pair }) => ({
      act: 'ask',
      ...pair(),
      trigger: random.pick(['DIRECT', 'CALL'] as const),
      addToContacts: random.chance(0.3),
    }),
  ],
  [2, (_, { pair }) => ({ act: 'withdraw', ...pair() })],
  [
    4,
    (random, { pair }) => ({
      act: 'answer',
      user: pair().presentity,
      tick: random.chance(0.5),
      addToContacts: random.chance(0.3),
    }),
  ],
  [
    9,
    (random, { pair }) => ({
      act: 'allow',
      ...pair(),
      forMs: random.chance(0.3) ? random.between(20, 4000) : null,
    }),
  ],
  [9, (_, { pair }) => ({ act: 'block', ...pair() })],
  [3, (_, { pair }) => ({ act: 'delete', ...pair() })],
  [3, (_, { pair }) => ({ act: 'add contact', ...pair() })],
  [3, (_, { pair }) => ({ act: 'remove contact', ...pair() })],
  [4, changeClass],
  [3, (random, { pair }) => ({ act: 'assign class', user: pair().watcher, name: random.pick(CLASSES) })],
  [
    2,
    (random, { pair }) => ({
      act: 'set server',
      user: random.chance(0.3) ? 'SITE' : pair().presentity,
      server: random.pick(SERVERS),
    }),
  ],
  [0.6, (random) => ({ act: 'erase', user: random.between(0, USERS - 1) })],
  [1, () => ({ act: 'sweep' })],
  [3, (random, { instances }) => open(random, instances)],
  [1, (random, { watched }) => ({ act: 'close', stream: random.between(0, watched.length - 1), forMs: 0 })],
  [
    3,
    (random, { watched }) => ({
      act: 'look away',
      stream: random.between(0, watched.length - 1),
      forMs: random.chance(0.02) ? 35_000 : random.between(20, 3000),
    }),
  ],
]
const TROUBLE: typeof KINDS = [
  [
    4,
    (random, { instances }) => ({
      act: 'reads become',
      on: random.between(0, instances - 1),
      reads: random.pick(READS),
    }),
  ],
  [
    4,
    (random, { instances }) => ({
      act: 'signals become',
      on: random.between(0, instances - 1),
      arrive: random.pick(SIGNALS),
    }),
  ],
  [
    1,
    (random, { instances }) => ({
      act: 'crash',
      on: random.between(0, instances - 1),
      forMs: random.between(10, 2000),
    }),
  ],
]

export function severalActs(random: Random, around: Around): Act[] {
  return Array.from({ length: random.between(1, 4) }, () =>
    anyAct(random, random.chance(0.2) ? TROUBLE : KINDS, around),
  )
}

export function anyAct(random: Random, kinds: typeof KINDS, around: Around): Act {
  return weighed(random, kinds)(random, around)
}

function weighed<Thing>(random: Random, things: readonly (readonly [number, Thing])[]): Thing {
  let left = random.next() * things.reduce((sum, [weight]) => sum + weight, 0)
  for (const [weight, thing] of things) {
    left -= weight
    if (left < 0) return thing
  }
  throw new Error('the weights do not add up')
}

export function publish(random: Random, user: number): Act {
  const inactiveForMs = random.chance(0.15) ? random.pick([300_000, 900_000]) - random.between(100, 3000) : 0
  const status = random.pick(PUBLISHABLE_STATUSES)
  return { act: 'publish', user, device: device(random), status, leaseMs: lease(random), inactiveForMs }
}

function device(random: Random): string {
  return random.pick(['desk', 'phone'])
}

function lease(random: Random): number {
  return random.chance(0.3) ? random.between(200, 6000) : 60_000
}

export function changeClass(random: Random): Act {
  const settings = random.pick([
    { invitationHandling: 'PROMPT' },
    { invitationHandling: 'USER_DEFINED' },
    { invitationHandling: 'AUTO_ACCEPT' },
    { pendingShown: random.chance(0.5) },
    { appearOfflineAllowed: random.chance(0.5) },
  ] as const)
  return { act: 'change class', name: random.pick(CLASSES), settings }
}

export function open(random: Random, instances: number): Act & { act: 'open' } {
  const watcher = random.between(0, WATCHERS - 1)
  const users = all().filter((user) => random.chance(user === watcher ? 0.3 : 0.5))
  const named = users.length > 0 ? users : [USERS - 1]
  return {
    act: 'open',
    watcher,
    users: random.chance(0.5) ? 'CONTACTS' : named,
    on: random.between(0, instances - 1),
    asks: random.chance(0.5),
  }
}

function all(): number[] {
  return Array.from({ length: USERS }, (_, user) => user)
}
