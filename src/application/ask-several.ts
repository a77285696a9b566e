import { randomUUID } from 'node:crypto'
import { ask } from '../domain/ask.ts'
import { isShownByOwnFacts } from '../domain/disclosure.ts'
import type { Edge } from '../domain/edge.ts'
import { effectiveHandling } from '../domain/invitation-handling.ts'
import { pairAt, type Pair } from '../domain/pair.ts'
import { countRequests, type RequestCounts } from '../domain/request-limits.ts'
import type { Trigger } from '../domain/request.ts'
import type { ActCause } from '../domain/trail.ts'
import type { UserId } from '../domain/user-id.ts'
import { isCooling } from '../domain/watchers-view.ts'
import type { ChangedPair } from './change-privacy.ts'
import type { PairOf } from './ports.ts'
import type { AskedAccess, Snapshot } from './privacy-store.ts'

export type AskedSeveral = {
  readonly results: readonly AskedAccess[]
  /** The pairs of those who were asked. */
  readonly pairs: readonly ChangedPair[]
  readonly requestCounts: RequestCounts
}

/** A watcher asks several users, as far as his limits go: every one counts, before anything that was decided about him is looked at. */
export function askSeveral(
  snapshot: Snapshot,
  { watcher, presentities, trigger }: { watcher: UserId; presentities: readonly UserId[]; trigger: Trigger },
): AskedSeveral {
  const { now } = snapshot
  const counted = countRequests(snapshot.requestCounts, {
    asked: presentities.length,
    limits: snapshot.user(watcher).classOfService.requestLimits,
    now,
  })
  const pairs: ChangedPair[] = []
  const results = presentities.map((presentity, place): AskedAccess => {
    const of = { presentity, watcher }
    const { edge, view, outgoing } = pairAt(snapshot.pair(of), now)
    const told = {
      presentity,
      access: view.access,
      request: view.access === 'PENDING' ? outgoing : null,
      retryAt: null,
    }
    if (place >= counted.admitted) return { ...told, outcome: 'LIMITED', retryAt: counted.retryAt }
    if (isCooling(view, now)) return { ...told, outcome: 'COOLING_DOWN', retryAt: view.coolsUntil }
    const { pair, answer, request } = askOne(snapshot, of, trigger)
    pairs.push({ ...of, pair, cause: causeOf(pair, edge) })
    return { ...told, outcome: 'ASKED', access: answer, request }
  })
  return { results, pairs, requestCounts: counted.counts }
}

function causeOf({ edge }: Pair, before: Edge): ActCause {
  return edge.state === 'ALLOWED' && before.state !== 'ALLOWED' ? 'AUTO_ACCEPTED' : 'REQUESTED'
}

/** One request, with all that the two users' classes and servers say of it at this moment. */
function askOne(snapshot: Snapshot, of: PairOf, trigger: Trigger): ReturnType<typeof ask> {
  const presentity = snapshot.user(of.presentity)
  const watchersClass = snapshot.user(of.watcher).classOfService
  return ask(snapshot.pair(of), {
    now: snapshot.now,
    trigger,
    handling: effectiveHandling({
      own: presentity.preference.invitationHandling,
      ofClass: presentity.classOfService.invitationHandling,
    }),
    pendingShown: isShownByOwnFacts({
      edge: 'PENDING',
      presenceServer: presentity.presenceServer,
      shownWhenAsked: true,
      pendingShownByClass: presentity.classOfService.pendingShown,
    }),
    endsAt: snapshot.now + watchersClass.requestLifetimeMs,
    cooldownMs: watchersClass.requestCooldownMs,
    ids: { incoming: randomUUID(), outgoing: randomUUID() },
  })
}
