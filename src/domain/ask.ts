import { EDGE_TRANSITIONS, isSilent, type Edge } from './edge.ts'
import type { InvitationHandling } from './invitation-handling.ts'
import { pairAt, type Pair } from './pair.ts'
import { withTrigger, type IncomingItem, type OutgoingRequest, type Trigger } from './request.ts'
import { allowedView, VIEW_TRANSITIONS, type Access, type View } from './watchers-view.ts'

export type Asking = {
  readonly now: number
  readonly trigger: Trigger
  /** What counts for the presentity now. */
  readonly handling: InvitationHandling
  /** Whether the presentity's server and class let a pending request show her presence now. */
  readonly pendingShown: boolean
  /** When the request ends, and how long its watcher waits after its end, by his class. */
  readonly endsAt: number
  readonly cooldownMs: number
  /** Fresh, unrelated ids, used if the request opens. */
  readonly ids: { readonly incoming: string; readonly outgoing: string }
}

/**
 * A watcher asks. `answer` is what he is told, and depends on his own view and the handling alone: whatever the presentity has
 * decided about him, equal views get equal answers. Both halves of the request are always written, an absorbed one too.
 *
 * Whether he may ask at all just now, is for `isCooling` and the limits to say before.
 *
 * `request` goes with the answer PENDING, and is open in it even where this very request has let him in: that comes a moment later.
 */
export function ask(
  before: Pair,
  asking: Asking,
): { pair: Pair; answer: Access; request: OutgoingRequest | null } {
  const pair = pairAt(before, asking.now)
  const answer =
    VIEW_TRANSITIONS[asking.handling === 'PROMPT' ? 'ASKED_PROMPT' : 'ASKED_AUTO_ACCEPT'][pair.view.access]
  const endsAt = pair.view.endsAt ?? asking.endsAt
  const view = askedView(pair.view, asking, { answer, endsAt })
  const edge = edgeAfter(pair, asking, endsAt)
  const becameAllowed = edge.state === 'ALLOWED' && pair.edge.state !== 'ALLOWED'
  const outgoing = outgoingAfter(pair, asking, answer)
  return {
    answer,
    request: answer === 'PENDING' ? outgoing : null,
    pair: {
      ...pair,
      edge,
      view: becameAllowed ? allowedView(view) : view,
      incoming: incomingAfter(pair, asking, endsAt),
      outgoing: becameAllowed && outgoing?.state === 'OPEN' ? { ...outgoing, state: 'ALLOWED' } : outgoing,
    },
  }
}

function askedView(
  view: View,
  { cooldownMs }: Asking,
  { answer, endsAt }: { readonly answer: Access; readonly endsAt: number },
): View {
  return {
    access: answer,
    endsAt: answer === 'PENDING' ? endsAt : null,
    cooldownMs: view.access === 'PENDING' ? view.cooldownMs : cooldownMs,
    coolsUntil: null,
  }
}

function edgeAfter(pair: Pair, asking: Asking, endsAt: number): Edge {
  const event = asking.handling === 'PROMPT' ? 'REQUESTED_PROMPT' : 'REQUESTED_AUTO_ACCEPT'
  const state = EDGE_TRANSITIONS[event][pair.edge.state]
  if (state === pair.edge.state || isAbsorbed(pair.edge)) return pair.edge
  return {
    state,
    origin: state === 'PENDING' ? 'REQUESTED' : 'AUTO_ACCEPTED',
    since: asking.now,
    endsAt: state === 'PENDING' ? endsAt : null,
    replacedBlock: false,
    // A request made after the view had moved may follow a revocation: showing it at once would undo that.
    shownWhenAsked: state === 'PENDING' && pair.view.access === 'NONE' && asking.pendingShown,
  }
}

/** Such a request reaches nobody, and leaves the edge as it is. */
function isAbsorbed(edge: Edge): boolean {
  return edge.state === 'BLOCKED' || isSilent(edge)
}

function outgoingAfter(pair: Pair, asking: Asking, answer: Access): OutgoingRequest | null {
  const { now, trigger, endsAt, ids } = asking
  if (answer !== 'PENDING') return pair.outgoing
  if (pair.view.access === 'PENDING' && pair.outgoing !== null) return withTrigger(pair.outgoing, trigger)
  return { id: ids.outgoing, state: 'OPEN', triggers: [trigger], askedAt: now, endsAt }
}

function incomingAfter(pair: Pair, asking: Asking, endsAt: number): IncomingItem {
  const { now, trigger, ids } = asking
  const reaches = pair.edge.state === 'NONE' && !isAbsorbed(pair.edge)
  if (!reaches && pair.view.access !== 'NONE' && pair.incoming !== null) {
    // A notice says what let him in. What he asks later must not reach her by it: he may be blocked by then.
    return pair.incoming.kind === 'NOTICE' ? pair.incoming : withTrigger(pair.incoming, trigger)
  }
  const kind = asking.handling === 'PROMPT' ? 'REQUEST' : 'NOTICE'
  return {
    id: ids.incoming,
    kind,
    state: reaches ? 'OPEN' : 'ABSORBED',
    triggers: [trigger],
    askedAt: now,
    endsAt: kind === 'REQUEST' ? endsAt : null,
  }
}
