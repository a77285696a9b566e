import type { EdgeState } from './edge.ts'
import { OFFLINE, type Presence } from './presence.ts'

/** The kind of server that publishes a user's presence, as far as administrators have said. */
export type PresenceServer = 'OCS_2007' | 'CONVERGED_CONFERENCING' | 'NONE_KNOWN'

/** Everything that decides whether a watcher is shown a presentity's presence; each as it is at one moment. */
export type DisclosureFacts = {
  /** The watcher looks at himself. */
  readonly self: boolean
  /** What the presentity has decided about the watcher. */
  readonly edge: EdgeState
  readonly presenceServer: PresenceServer
  /** The request was made at view NONE, while the presentity's server and class both showed pending requests. */
  readonly shownWhenAsked: boolean
  /** The presentity's class lets pending requests show, now. */
  readonly pendingShownByClass: boolean
  /** The watcher's class of service requires PROMPT: he sees others only through his contact list. */
  readonly onlyContactsSeen: boolean
  /** The presentity is in the watcher's contact list. */
  readonly contact: boolean
  /** The watcher has blocked the presentity, and the deployment hides those whom a user has blocked. */
  readonly blockedByWatcher: boolean
}

type Cell = 'REAL' | 'OFFLINE' | 'REAL_IF_SHOWN_WHEN_ASKED_AND_NOW'

/** What an edge discloses: docs/privacy-rules.md holds the same table in prose. */
const DISCLOSED_BY_EDGE = {
  NONE: { OCS_2007: 'OFFLINE', CONVERGED_CONFERENCING: 'OFFLINE', NONE_KNOWN: 'OFFLINE' },
  PENDING: {
    OCS_2007: 'REAL_IF_SHOWN_WHEN_ASKED_AND_NOW',
    CONVERGED_CONFERENCING: 'OFFLINE',
    NONE_KNOWN: 'OFFLINE',
  },
  ALLOWED: { OCS_2007: 'REAL', CONVERGED_CONFERENCING: 'REAL', NONE_KNOWN: 'REAL' },
  BLOCKED: { OCS_2007: 'OFFLINE', CONVERGED_CONFERENCING: 'OFFLINE', NONE_KNOWN: 'OFFLINE' },
} as const satisfies Record<EdgeState, Record<PresenceServer, Cell>>

/**
 * Who may see what: the only place that decides it, and every path goes through it.
 *
 * Returns the presence as it is, or the one frozen OFFLINE. Only for whom it is shown is it composed: whatever a user has, hiding her
 * costs the same.
 */
export function disclose(facts: DisclosureFacts, compose: () => Presence): Presence {
  return explain(facts).shown ? compose() : OFFLINE
}

/** Which of the facts decided. The later ones were not looked at. */
export type DisclosureStep =
  | 'SELF'
  | 'BLOCKED_BY_WATCHER'
  | 'ONLY_CONTACTS_SEEN'
  /** Her edge, together with her server where the edge is PENDING. */
  | 'EDGE'
  | 'SHOWN_WHEN_ASKED'
  | 'PENDING_SHOWN_BY_CLASS'

export type Disclosure = { readonly shown: boolean; readonly step: DisclosureStep }

/** The steps of `disclose`, and where they ended. For operators: to a watcher, a reason would tell what was decided about him. */
export function explain(facts: DisclosureFacts): Disclosure {
  if (facts.self) return { shown: true, step: 'SELF' }
  if (facts.blockedByWatcher) return { shown: false, step: 'BLOCKED_BY_WATCHER' }
  if (facts.onlyContactsSeen && !facts.contact) return { shown: false, step: 'ONLY_CONTACTS_SEEN' }
  return explainByOwnFacts(facts)
}

/** The part of what decides that is the presentity's own: her edge, her server and her class, and nothing of the watcher's. */
export type OwnDisclosureFacts = Pick<
  DisclosureFacts,
  'edge' | 'presenceServer' | 'shownWhenAsked' | 'pendingShownByClass'
>

/**
 * Whether the presentity's own facts show her to the watcher. What she is told of who can see her ends here: what follows is the
 * watcher's, and would tell her what he has decided.
 */
export function isShownByOwnFacts(facts: OwnDisclosureFacts): boolean {
  return explainByOwnFacts(facts).shown
}

function explainByOwnFacts(facts: OwnDisclosureFacts): Disclosure {
  switch (DISCLOSED_BY_EDGE[facts.edge][facts.presenceServer]) {
    case 'REAL':
      return { shown: true, step: 'EDGE' }
    case 'OFFLINE':
      return { shown: false, step: 'EDGE' }
    case 'REAL_IF_SHOWN_WHEN_ASKED_AND_NOW':
      return facts.shownWhenAsked
        ? { shown: facts.pendingShownByClass, step: 'PENDING_SHOWN_BY_CLASS' }
        : { shown: false, step: 'SHOWN_WHEN_ASKED' }
  }
}
