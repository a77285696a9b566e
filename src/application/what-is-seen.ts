import { disclose } from '../domain/disclosure.ts'
import { edgeAt } from '../domain/edge.ts'
import { NO_PAIR } from '../domain/pair.ts'
import { composeOwnPresence, composePresence, OFFLINE, type Presence } from '../domain/presence.ts'
import { viewAt, type Access } from '../domain/watchers-view.ts'
import type { Facts, PairOf, PresentityFacts } from './ports.ts'

/** What a deployment decides for everyone. */
export type DisclosurePolicy = {
  /** Whether those whom a user has blocked appear Offline to that user, too. */
  readonly blockingHidesBothWays: boolean
}

/** What one watcher is shown of one presentity: her presence, and what he has been told of his access. */
export type Seen = { readonly presence: Presence; readonly access: Access }

/** Turns facts into what is seen. Every path that shows a presence comes through here, and so through `disclose`. */
export function whatIsSeen(facts: Facts, pair: PairOf, policy: DisclosurePolicy): Seen {
  const of = facts.presentities.get(pair.presentity)
  if (pair.presentity === pair.watcher) {
    return { presence: disclosed(facts, of, true, policy), access: 'ALLOWED' }
  }
  return {
    presence: disclosed(facts, of, false, policy),
    access: viewAt(of?.pair.view ?? NO_PAIR.view, facts.now).access,
  }
}

function disclosed(
  { now, watcherClass }: Facts,
  of: PresentityFacts | undefined,
  self: boolean,
  policy: DisclosurePolicy,
): Presence {
  if (of === undefined) return OFFLINE
  const { user, pair } = of
  const edge = edgeAt(pair.edge, now)
  const source = {
    sessions: of.sessions,
    manual: user.preference.manual,
    appearOffline: user.preference.appearOffline,
    appearOfflineAllowed: user.classOfService.appearOfflineAllowed,
  }
  return disclose(
    {
      self,
      edge: edge.state,
      presenceServer: user.presenceServer,
      shownWhenAsked: edge.shownWhenAsked,
      pendingShownByClass: user.classOfService.pendingShown,
      onlyContactsSeen: watcherClass.invitationHandling === 'PROMPT',
      contact: pair.contactSince !== null,
      blockedByWatcher:
        policy.blockingHidesBothWays && pair.watcherBlocksFrom !== null && pair.watcherBlocksFrom <= now,
    },
    self ? composeOwnPresence(source, now) : composePresence(source, now),
  )
}
