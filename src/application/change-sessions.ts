import type { Ageing, PresenceSession } from '../domain/presence.ts'
import { endSession, publishSession, renewSession, type Sessions } from '../domain/sessions.ts'
import type { UserId } from '../domain/user-id.ts'
import type { PresenceSessions, Published, SessionRenewal } from './ports.ts'

/** The sessions of one user from now on, and whether others are to hear of it. */
export type SessionChange = { readonly sessions: Sessions; readonly isNews: boolean }

/** What one of several changes has come to: what its user has after all of them; null if there is nothing of the user to be changed. */
export type SessionOutcome = { readonly isChanged: boolean; readonly sessions: Sessions } | null

/**
 * Changes the sessions of users, all at once or not at all, one item after the other: each finds what those before it have left. While
 * it decides, nobody else changes any of them. A `change` that returns null leaves everything as it is. Throws `Unavailable`.
 */
export type ChangeSessions = <Item extends { readonly user: UserId }>(
  items: readonly Item[],
  how: HowToChange<Item>,
) => Promise<readonly SessionOutcome[]>

export type HowToChange<Item> = {
  /** Names the statements. */
  readonly name: string
  /** Whether sessions begin: users of whom nothing is stored are made, unless they were erased, and what their classes say is read. */
  readonly begins: boolean
  readonly change: (item: Item, before: Sessions, at: ChangeMoment) => SessionChange | null
}

/** What holds while it is decided. */
export type ChangeMoment = {
  readonly now: number
  /** Whether the user's class allows to appear offline, at that moment; false where no session can begin. */
  readonly appearOfflineAllowed: boolean
}

export type StoredSessions = ChangeMoment & { readonly sessions: Sessions }

export function renewing({ ageing }: { readonly ageing: Ageing }): HowToChange<SessionRenewal> {
  return {
    name: 'renewSessions',
    begins: false,
    change: (renewal, before, { now }) => renewSession(before, renewal, { now, ageing }),
  }
}

/** The devices of users, wherever they are kept. */
export function presenceSessions(
  changeSessions: ChangeSessions,
  policy: { readonly ageing: Ageing },
): Omit<PresenceSessions, 'sessionsOf'> {
  const renewSeveral: PresenceSessions['renewSeveral'] = async (renewals) => {
    const outcomes = await changeSessions(renewals, renewing(policy))
    return renewals.map(({ id }, place) => sessionIn(outcomes[place], id))
  }

  const publishSeveral: PresenceSessions['publishSeveral'] = async (publications) => {
    const outcomes = await changeSessions(publications, {
      name: 'publishSessions',
      begins: true,
      change(publication, before, at) {
        const sessions = publishSession(before, publication, at)
        return sessions && { sessions, isNews: true }
      },
    })
    return publications.map(({ session: { id } }, place): Published => {
      const outcome = outcomes[place]
      if (!outcome) return { refused: 'USER_ERASED' }
      const session = sessionIn(outcome, id)
      return session === null ? { refused: 'TOO_MANY_SESSIONS' } : { session }
    })
  }

  const endSeveral: PresenceSessions['endSeveral'] = async (ended) => {
    const outcomes = await changeSessions(ended, {
      name: 'endSessions',
      begins: false,
      change({ id }, before, { now }) {
        const sessions = endSession(before, id, now)
        return sessions && { sessions, isNews: true }
      },
    })
    return outcomes.map((outcome) => outcome?.isChanged ?? false)
  }

  return {
    renewSeveral,
    publishSeveral,
    endSeveral,
    renew: async (renewal) => (await renewSeveral([renewal]))[0] ?? null,
    publish: async (publication) => (await publishSeveral([publication]))[0] as Published,
    end: async (session) => (await endSeveral([session]))[0] as boolean,
  }
}

/** Works out what several changes come to, and what of it is to be stored. */
export function decideChanges<Item extends { readonly user: UserId }>(
  items: readonly Item[],
  stored: ReadonlyMap<UserId, StoredSessions>,
  change: HowToChange<Item>['change'],
) {
  const changed = new Map<UserId, Sessions>()
  const news = new Set<UserId>()
  const decided = items.map((item) => {
    const { user } = item
    const found = stored.get(user)
    const after = found && change(item, changed.get(user) ?? found.sessions, found)
    if (!after) return { user, isChanged: false }
    changed.set(user, after.sessions)
    if (after.isNews) news.add(user)
    return { user, isChanged: true }
  })
  const outcomes = decided.map(({ user, isChanged }): SessionOutcome => {
    const sessions = changed.get(user) ?? stored.get(user)?.sessions
    return sessions ? { sessions, isChanged } : null
  })
  return { outcomes, changed, news: [...news] }
}

/** The session of an item that has changed it. */
export function sessionIn(outcome: SessionOutcome | undefined, id: string): PresenceSession | null {
  return (outcome?.isChanged ? outcome.sessions.find((session) => session.id === id) : undefined) ?? null
}
