import { createHash } from 'node:crypto'
import type { UserId } from '../domain/user-id.ts'
import { askSeveral } from './ask-several.ts'
import { changePrivacy } from './change-privacy.ts'
import { UserErased, type PairOf } from './ports.ts'
import type { AnswerResult, PrivacyStore } from './privacy-store.ts'

/** A call or an instant message from a watcher to another user, whatever came of it. */
export type Attempt = PairOf & { readonly trigger: 'CALL' | 'INSTANT_MESSAGE' }

export type AttemptReport = {
  readonly service: UserId
  readonly attempts: readonly Attempt[]
  /** The service's own name for this report, by which a repeat is told; null if it may count twice. */
  readonly clientKey: string | null
}

/**
 * A service reports what users have tried to do. Each attempt asks for access as if its user had asked himself, and counts
 * against his limits; over them, or while he must wait, it asks nothing. What came of it is none of the service's business.
 *
 * One change for each user and trigger; throws `Unavailable` when one of them fails. The same report may then be made again: under the same
 * client key, what was done is neither asked nor counted again, and the rest is done.
 */
export async function reportAttempts(
  store: PrivacyStore,
  { service, attempts, clientKey }: AttemptReport,
): Promise<'REPORTED' | 'CLIENT_KEY_REUSED'> {
  if (clientKey !== null) {
    const claim = {
      by: service,
      clientKey: storedKey(service, clientKey),
      fingerprint: fingerprintOf(attempts),
    }
    if (!(await store.claimKey(claim))) return 'CLIENT_KEY_REUSED'
  }
  for (const { watcher, trigger, presentities } of inChanges(attempts)) {
    const key = clientKey === null ? null : storedKey(service, clientKey, trigger)
    const scope = {
      name: 'reportAttempts',
      by: watcher,
      kind: 'REQUEST' as const,
      actor: { kind: 'SERVICE', id: service } as const,
      others: presentities,
      ...(key !== null && { clientKey: key }),
    }
    await changePrivacy(store, scope, (snapshot) => {
      if (snapshot.storedAnswer !== null) return { result: undefined }
      const { pairs, requestCounts } = askSeveral(snapshot, { watcher, presentities, trigger })
      const answer = key === null ? null : { clientKey: key, fingerprint: '', result: NOTHING_TOLD }
      return { pairs, requestCounts, answer, result: undefined }
    }).catch(unlessErased(watcher))
  }
  return 'REPORTED'
}

const NOTHING_TOLD: AnswerResult = { outcomes: [], contacts: [], alwaysAcceptRefused: null }

/**
 * Keys of reports stand among those of answers, under names that no client can choose. Only a digest holds the service, so that nothing names
 * one that was erased.
 */
function storedKey(service: UserId, clientKey: string, trigger: Attempt['trigger'] | null = null): string {
  const digest = createHash('sha256').update(JSON.stringify([service, clientKey, trigger]))
  return `report/${digest.digest('base64url')}`
}

/** Tells a repeat from another report under the same key. */
function fingerprintOf(attempts: readonly Attempt[]): string {
  const said = attempts.map(({ watcher, presentity, trigger }) => [watcher, presentity, trigger])
  return createHash('sha256').update(JSON.stringify(said)).digest('base64url')
}

/** What a user tries after they were erased asks nobody; the service need not know. */
function unlessErased(watcher: UserId): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof UserErased && error.user === watcher)) throw error
  }
}

/** In the order in which they were reported, and each presentity once. */
function inChanges(attempts: readonly Attempt[]) {
  const changes = new Map<string, { watcher: UserId; trigger: Attempt['trigger']; of: Set<UserId> }>()
  for (const { watcher, presentity, trigger } of attempts) {
    const key = `${trigger} ${watcher}`
    const change = changes.get(key) ?? { watcher, trigger, of: new Set<UserId>() }
    change.of.add(presentity)
    changes.set(key, change)
  }
  return [...changes.values()].map(({ of, ...change }) => ({ ...change, presentities: [...of] }))
}
