import type { ClassOfService } from '../domain/class-of-service.ts'
import { disclose, type DisclosureFacts } from '../domain/disclosure.ts'
import { edgeAt, NO_EDGE, type Edge } from '../domain/edge.ts'
import { decideMessaging, type Messaging } from '../domain/messaging.ts'
import { NO_PAIR } from '../domain/pair.ts'
import {
  appearsOfflineInAnyCase,
  composeOwnPresence,
  composePresence,
  OFFLINE,
  type Ageing,
  type Presence,
  type PresenceSource,
} from '../domain/presence.ts'
import { viewAt, type Access } from '../domain/watchers-view.ts'
import type { PairFacts, PairOf } from './ports.ts'
import type { SightFacts, SightOfPresentity } from './sight-facts.ts'

/** What a deployment decides for everyone. */
export type DisclosurePolicy = {
  /** Whether those whom a user has blocked appear Offline to that user, too. */
  readonly blockingHidesBothWays: boolean
  /** When a device that goes without activity counts as idle, and as away. */
  readonly ageing: Ageing
}

/**
 * What one watcher is shown of one presentity: her presence, what he has been told of his access, and whether instant messages of
 * his reach her. Of whoever is shown Offline they never do, so that this tells nothing that the presence does not.
 */
export type Seen = { readonly presence: Presence; readonly access: Access; readonly canBeMessaged: boolean }

/** Turns facts into what is seen. Every path that shows a presence comes through here, and so through `disclose`. */
export function whatIsSeen(facts: SightFacts, pair: PairOf, policy: DisclosurePolicy): Seen {
  const { presence, messaging } = lookAt(facts, pair, policy)
  const view = facts.presentities.get(pair.presentity)?.pair.view ?? NO_PAIR.view
  return {
    presence,
    access: pair.presentity === pair.watcher ? 'ALLOWED' : viewAt(view, facts.now).access,
    canBeMessaged: messaging.senderOutcome === 'DELIVERED',
  }
}

/** Turns the same facts into what becomes of an instant message from the watcher to the presentity. For the service that carries it. */
export function whatIsDelivered(facts: SightFacts, pair: PairOf, policy: DisclosurePolicy): Messaging {
  return lookAt(facts, pair, policy).messaging
}

function lookAt(
  facts: SightFacts,
  { presentity, watcher }: PairOf,
  policy: DisclosurePolicy,
): { readonly presence: Presence; readonly messaging: Messaging } {
  const self = presentity === watcher
  const of = facts.presentities.get(presentity)
  const edge = edgeAt(of?.pair.edge ?? NO_EDGE, facts.now)
  const presence = of === undefined ? OFFLINE : composedAndShown(facts, of, { self }, policy)
  return { presence, messaging: decideMessaging({ self, edge: edge.state, shown: presence }) }
}

function composedAndShown(
  facts: SightFacts,
  of: SightOfPresentity,
  { self }: { readonly self: boolean },
  policy: DisclosurePolicy,
): Presence {
  return shownOf(facts, { user: of.user, pair: of.pair, self }, policy, () => {
    // Reading what her devices say would tell by its time that there are any.
    if (!self && appearsOfflineInAnyCase(choiceOf(of.user))) return OFFLINE
    const source = presenceSourceOf(of, policy)
    return self ? composeOwnPresence(source, facts.now) : composePresence(source, facts.now)
  })
}

/** What a watcher is shown of a presence that is composed for him at the facts' moment: itself, or the one frozen OFFLINE. */
export function shownOf(
  facts: WatchersFacts,
  of: DisclosedBy & { readonly self: boolean },
  policy: DisclosurePolicy,
  compose: () => Presence,
): Presence {
  const edge = edgeAt(of.pair.edge, facts.now)
  return disclose(disclosureFactsOf(facts, of, { self: of.self, edge }, policy), compose)
}

/** What a presence is composed of. Field by field: node takes longer for a spread than for all the rest. */
export function presenceSourceOf(
  of: OfOneUser,
  { ageing }: Pick<DisclosurePolicy, 'ageing'>,
): PresenceSource {
  const { appearOffline, appearOfflineAllowed } = choiceOf(of.user)
  return {
    sessions: of.sessions,
    manual: of.user.preference.manual,
    appearOffline,
    appearOfflineAllowed,
    appearOfflineForbiddenAt: of.user.appearOfflineForbiddenAt,
    ageing,
  }
}

function choiceOf({ preference, classOfService }: OfOneUser['user']) {
  return {
    appearOffline: preference.appearOffline,
    appearOfflineAllowed: classOfService.appearOfflineAllowed,
  }
}

type OfOneUser = Pick<SightOfPresentity, 'user' | 'sessions'>

/** What of the facts decides whether a presence is shown: of the watcher, and of the two. */
export type WatchersFacts = { readonly now: number; readonly watcherClass: WatchersClass }
export type WatchersClass = Pick<ClassOfService, 'invitationHandling'>
export type DisclosedBy = {
  readonly user: {
    readonly presenceServer: SightOfPresentity['user']['presenceServer']
    readonly classOfService: Pick<ClassOfService, 'pendingShown'>
  }
  readonly pair: Pick<PairFacts, 'edge' | 'contactSince' | 'watcherBlocksFrom'>
}

/** What decides whether it is shown; `edge` as it is at the facts' moment. */
export function disclosureFactsOf(
  { now, watcherClass }: WatchersFacts,
  { user, pair }: DisclosedBy,
  { self, edge }: { readonly self: boolean; readonly edge: Edge },
  policy: DisclosurePolicy,
): DisclosureFacts {
  return {
    self,
    edge: edge.state,
    presenceServer: user.presenceServer,
    shownWhenAsked: edge.shownWhenAsked,
    pendingShownByClass: user.classOfService.pendingShown,
    onlyContactsSeen: watcherClass.invitationHandling === 'PROMPT',
    contact: pair.contactSince !== null,
    blockedByWatcher:
      policy.blockingHidesBothWays && pair.watcherBlocksFrom !== null && pair.watcherBlocksFrom <= now,
  }
}
