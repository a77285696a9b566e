import fc from 'fast-check'
import type { Edge, EdgeOrigin } from '../../src/domain/edge.ts'
import type { Pair } from '../../src/domain/pair.ts'
import { PRESENCE_ACTIVITIES, PUBLISHABLE_STATUSES } from '../../src/domain/presence.ts'
import { TRIGGERS, type IncomingItem, type OutgoingRequest } from '../../src/domain/request.ts'
import type { View } from '../../src/domain/watchers-view.ts'
import { EDGE_STATES, ITEM_STATES } from './domain-values.ts'

/** Any moment that a row can carry: whole milliseconds, before and after now. */
const anyTime = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) })
const anyTimeOrNone = fc.option(anyTime)
const anyTriggers = fc.shuffledSubarray([...TRIGGERS], { minLength: 1 })
const anyId = fc.uuid()
const ORIGINS: readonly EdgeOrigin[] = ['REQUESTED', 'ANSWERED', 'SET', 'AUTO_ACCEPTED', 'GRANT_ENDED']

const anyEdge: fc.Arbitrary<Edge> = fc
  .record({
    state: fc.constantFrom(...EDGE_STATES),
    origin: fc.option(fc.constantFrom(...ORIGINS)),
    since: anyTimeOrNone,
    endsAt: anyTimeOrNone,
    replacedBlock: fc.boolean(),
    shownWhenAsked: fc.boolean(),
  })
  // A request always has an end.
  .filter(({ state, endsAt }) => state !== 'PENDING' || endsAt !== null)

/** Classes of service say it in seconds. */
const anyCooldownMs = fc.integer({ min: 0, max: 31_536_000 }).map((seconds) => seconds * 1000)

const anyView: fc.Arbitrary<View> = fc.oneof(
  fc.record({
    access: fc.constantFrom('NONE' as const, 'ALLOWED' as const),
    endsAt: fc.constant(null),
    cooldownMs: anyCooldownMs,
    coolsUntil: anyTimeOrNone,
  }),
  fc.record({
    access: fc.constant('PENDING' as const),
    endsAt: anyTime,
    cooldownMs: anyCooldownMs,
    coolsUntil: anyTimeOrNone,
  }),
)

const anyIncoming: fc.Arbitrary<IncomingItem> = fc.oneof(
  fc.record({
    id: anyId,
    kind: fc.constant('REQUEST' as const),
    state: fc.constantFrom(...ITEM_STATES),
    triggers: anyTriggers,
    askedAt: anyTime,
    endsAt: anyTime,
  }),
  fc.record({
    id: anyId,
    kind: fc.constant('NOTICE' as const),
    state: fc.constantFrom(...ITEM_STATES),
    triggers: anyTriggers,
    askedAt: anyTime,
    endsAt: fc.constant(null),
  }),
)

const anyOutgoing: fc.Arbitrary<OutgoingRequest> = fc.record({
  id: anyId,
  state: fc.constantFrom('OPEN' as const, 'ALLOWED' as const, 'WITHDRAWN' as const, 'EXPIRED' as const),
  triggers: anyTriggers,
  askedAt: anyTime,
  endsAt: anyTime,
})

/** Any pair that can be stored, likely or not. */
export const anyPair: fc.Arbitrary<Pair> = fc.record({
  edge: anyEdge,
  view: anyView,
  contactSince: anyTimeOrNone,
  watcherBlocksFrom: anyTimeOrNone,
  incoming: fc.option(anyIncoming),
  outgoing: fc.option(anyOutgoing),
})

/** Any choices of a user's own. */
export const anyPreference = fc.record({
  invitationHandling: fc.constantFrom('PROMPT' as const, 'AUTO_ACCEPT' as const),
  appearOffline: fc.boolean(),
  manual: fc.option(fc.record({ status: fc.constantFrom(...PUBLISHABLE_STATUSES), endsAt: anyTimeOrNone })),
})

/** Any thing that a device can say. */
export const anyPublication = fc.record({
  status: fc.constantFrom(...PUBLISHABLE_STATUSES),
  activity: fc.option(fc.constantFrom(...PRESENCE_ACTIVITIES)),
  note: fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })),
})
