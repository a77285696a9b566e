import { createHash } from 'node:crypto'
import { faultOf, outcomeOf, type AnswerFault, type PopupAnswer } from '../domain/answer.ts'
import { decide } from '../domain/decide.ts'
import { incomingAt } from '../domain/request.ts'
import type { UserId } from '../domain/user-id.ts'
import { addContacts, withContacts } from './add-contacts.ts'
import { askSeveral } from './ask-several.ts'
import { changePrivacy, type Change, type ChangedPair } from './change-privacy.ts'
import type { AnswerResult, PrivacyStore, Snapshot, Writes } from './privacy-store.ts'

export type RespondToRequests = PopupAnswer & {
  readonly presentity: UserId
  readonly addTickedToContacts: boolean
  readonly alwaysAccept: boolean
  readonly clientKey: string | null
}

export type Responded =
  | { readonly answered: AnswerResult }
  | { readonly refused: AnswerFault | { readonly fault: 'CLIENT_KEY_REUSED' } }

/**
 * A presentity answers what her popup presented, and nothing else: what arrived after it was drawn stays open. A repeat under the
 * same client key returns what came of it the first time.
 */
export async function respondToRequests(store: PrivacyStore, answer: RespondToRequests): Promise<Responded> {
  const fault = faultOf(answer)
  if (fault !== null) return { refused: fault }
  const { presentity, presented, clientKey } = answer
  const others = await store.watchersOf({ presentity, ids: presented })
  const scope = {
    name: 'respondToRequests',
    by: presentity,
    kind: 'DECISION' as const,
    others,
    othersFound: true,
    incoming: presented,
    ...(clientKey !== null && { clientKey }),
  }
  return changePrivacy<Responded>(store, scope, (snapshot) => {
    const fingerprint = fingerprintOf(answer)
    const stored = snapshot.storedAnswer
    if (stored !== null) {
      if (stored.fingerprint !== fingerprint) return { result: { refused: { fault: 'CLIENT_KEY_REUSED' } } }
      return { result: { answered: stored.result } }
    }
    const change = applied(snapshot, answer)
    return {
      ...change,
      answer: clientKey === null ? null : { clientKey, fingerprint, result: change.result },
      result: { answered: change.result },
    }
  })
}

function applied(snapshot: Snapshot, answer: RespondToRequests): Change<AnswerResult> {
  const { presentity } = answer
  const { now } = snapshot
  const ticked = new Set(answer.ticked)
  const pairs: ChangedPair[] = []
  const acknowledged: Writes['incoming'][number][] = []
  /** The watchers of the items that are found, by the items’ ids. */
  const askers = new Map<string, UserId>()
  const outcomes = [...new Set(answer.presented)].map((id) => {
    const found = snapshot.incoming.get(id)
    const outcome = outcomeOf(found && incomingAt(found.item, now), { ticked: ticked.has(id) })
    if (found === undefined) return { id, ...outcome }
    const of = { presentity, watcher: found.watcher }
    if (outcome.outcome !== 'NOT_FOUND') askers.set(id, found.watcher)
    if (outcome.outcome === 'APPLIED') {
      const { verdict } = outcome
      const pair = decide(snapshot.pair(of), { now, verdict, origin: 'ANSWERED', endsAt: null })
      pairs.push({ ...of, pair, cause: 'ANSWERED' })
    }
    if (outcome.outcome === 'ACKNOWLEDGED') {
      acknowledged.push({ ...of, item: { ...found.item, state: 'ACKNOWLEDGED' } })
    }
    return { id, ...outcome }
  })
  const contacts = answer.addTickedToContacts ? addTicked(snapshot, answer, askers) : null
  const accepting = answer.alwaysAccept ? acceptFuture(snapshot, presentity) : null
  return {
    pairs: [...pairs, ...(contacts?.pairs ?? [])],
    incoming: acknowledged,
    ...(contacts && { requestCounts: contacts.requestCounts }),
    ...(accepting?.preference && { preference: accepting.preference }),
    result: {
      outcomes,
      contacts: contacts?.outcomes ?? [],
      alwaysAcceptRefused: accepting?.refused ?? null,
    },
  }
}

/** The popup's first option, in ticked order: who is added is asked for access in turn, as with every contact. */
function addTicked(
  snapshot: Snapshot,
  { presentity: watcher, ticked }: RespondToRequests,
  askers: ReadonlyMap<string, UserId>,
) {
  const users = ticked.flatMap((id) => askers.get(id) ?? [])
  const contacts = addContacts(snapshot, { watcher, presentities: [...new Set(users)] })
  const added = [...contacts].filter(([, outcome]) => outcome === 'ADDED').map(([user]) => user)
  const asked = askSeveral(snapshot, { watcher, presentities: added, trigger: 'CONTACT_ADDED' })
  return {
    pairs: withContacts(snapshot, watcher, contacts, asked.pairs),
    requestCounts: asked.requestCounts,
    outcomes: [...contacts].map(([user, outcome]) => ({
      user,
      outcome,
      asked: asked.results.find(({ presentity }) => presentity === user) ?? null,
    })),
  }
}

/** The popup's second option. */
function acceptFuture(snapshot: Snapshot, presentity: UserId) {
  const { preference, classOfService } = snapshot.user(presentity)
  if (classOfService.invitationHandling !== 'USER_DEFINED') {
    return { refused: 'LOCKED_BY_CLASS_OF_SERVICE' as const }
  }
  return { preference: { ...preference, invitationHandling: 'AUTO_ACCEPT' as const } }
}

/** Tells a repeat from another answer under the same key. */
function fingerprintOf({ presented, ticked, addTickedToContacts, alwaysAccept }: RespondToRequests): string {
  const said = JSON.stringify([presented, ticked, addTickedToContacts, alwaysAccept])
  return createHash('sha256').update(said).digest('base64url')
}
