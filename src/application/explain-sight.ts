import type { Administrator } from '../domain/administrative-act.ts'
import { explain, type DisclosureFacts, type DisclosureStep } from '../domain/disclosure.ts'
import { edgeAt, type Edge } from '../domain/edge.ts'
import { NO_PAIR } from '../domain/pair.ts'
import { composedBy, type CompositionStep, type Presence } from '../domain/presence.ts'
import type { UserId } from '../domain/user-id.ts'
import { viewAt, type Access } from '../domain/watchers-view.ts'
import type { Administration, UserSettings } from './administration.ts'
import type { AdministrativeActs } from './administrative-acts.ts'
import { silentUser } from './own-presence.ts'
import type { FactsReader, PairOf, PresentityFacts } from './ports.ts'
import { disclosureFactsOf, presenceSourceOf, whatIsSeen, type DisclosurePolicy } from './what-is-seen.ts'

/** Why one watcher sees, or does not see, one presentity now. For operators alone: it tells what she has decided about him. */
export type ExplainedSight = {
  /** What he is shown. */
  readonly presence: Presence
  /** Whether her own presence is disclosed to him; what she then appears as may be OFFLINE all the same. */
  readonly disclosed: boolean
  /** Which of the facts decided that. */
  readonly step: DisclosureStep
  /** What her presence is made of; null where it is not disclosed, for then it is nobody's business. */
  readonly composedBy: CompositionStep | null
  readonly facts: DisclosureFacts
  readonly edge: Edge
  /** What the watcher has been told. */
  readonly access: Access
  readonly presentityClass: string
  readonly watcherClass: string
  /** Epoch milliseconds of the database's clock. */
  readonly now: number
}

type ExplanationPorts = {
  readonly acts: AdministrativeActs
  readonly administration: Pick<Administration, 'settingsOf'>
  readonly facts: FactsReader
  readonly policy: DisclosurePolicy
}

/**
 * Reads what decides as every look does, and says which of it did; first it is recorded that somebody asked. Throws `Unavailable`, and
 * `UserErased` if the actor was erased.
 */
export async function explainSight(
  { acts, administration, facts, policy }: ExplanationPorts,
  { actor, presentity, watcher }: PairOf & { readonly actor: Administrator },
): Promise<ExplainedSight> {
  const users = [...new Set([presentity, watcher])]
  await acts.record({ actor, kind: 'SIGHT_EXPLAINED', users, unlessWithinMs: null })
  const read = await facts.readFacts({ watcher, presentities: [presentity] })
  const { now, watcherClass } = read
  const of = read.presentities.get(presentity) ?? (await silent(administration, presentity))
  const self = presentity === watcher
  const edge = edgeAt(of.pair.edge, now)
  const disclosureFacts = disclosureFactsOf(read, of, { self, edge }, policy)
  const { shown, step } = explain(disclosureFacts)
  const source = presenceSourceOf(of, policy)
  return {
    presence: whatIsSeen(read, { presentity, watcher }, policy).presence,
    disclosed: shown,
    step,
    composedBy: shown ? composedBy(self ? { ...source, appearOffline: false } : source, now) : null,
    facts: disclosureFacts,
    edge,
    access: self ? 'ALLOWED' : viewAt(of.pair.view, now).access,
    presentityClass: of.user.classOfService.name,
    watcherClass: watcherClass.name,
    now,
  }
}

/** A user of whom nothing is stored, with what administrators have set for everybody. */
async function silent(
  administration: ExplanationPorts['administration'],
  user: UserId,
): Promise<PresentityFacts> {
  const settings = await administration.settingsOf([user])
  const { classOfService, presenceServer } = settings.get(user) as UserSettings
  return { user: silentUser(classOfService, presenceServer.effective), pair: NO_PAIR, sessions: [] }
}
