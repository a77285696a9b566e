import type { PresenceSession } from '../../../src/domain/presence.ts'
import { form, type Form } from '../form.ts'
import { byBytes, isErased, isPast, liveSessionsOf, userRow } from '../model.ts'
import type { State, UserRow } from '../state.ts'
import { NEW_USER } from './changes.ts'
import { byId } from './facts.ts'
import { someIds } from './questions.ts'

const LEASE_MS = 60_000
const SAID = { status: 'BUSY', activity: 'IN_A_CALL', note: 'new' } as const

/** What devices and services say, in the rows of users. */
export const SESSIONS: readonly Form[] = [
  form('the sessions of users that live', {
    question: (_, chance) => someIds(chance),
    ask: async ({ ports }, users) => byId(await ports.sessions.sessionsOf(users)),
    expected: (state, users) =>
      byId(users.map((id) => [id, liveSessionsOf(state, id)] as const).filter(([, live]) => live.length > 0)),
  }),
  form('sessions that are renewed: of those whose row is there', {
    question: (state, chance) =>
      someIds(chance).map((user) => ({
        user,
        id: chance.one(userRow(state, user)?.sessions ?? [NO_SESSION]).id,
      })),
    async ask({ ports, rows }, of) {
      const renewals = of.map((session) => ({
        ...session,
        said: null,
        inactiveForMs: null,
        leaseMs: LEASE_MS,
      }))
      const renewed = await ports.sessions.renewSeveral(renewals)
      return {
        renewed: renewed.map((session) => session !== null),
        users: sessionColumns(await rows('users')),
      }
    },
    expected(state, of) {
      const renewed = of.map(({ user, id }) => idsOfLive(state, user).includes(id))
      const users = state.users.map((row) => {
        const ids = of
          .filter(({ user }, place) => user === row.id && renewed[place] === true)
          .map(({ id }) => id)
        if (ids.length === 0) return row
        const sessions = live(state, row).map((session) =>
          ids.includes(session.id)
            ? { ...session, leaseEndsAt: Math.max(session.leaseEndsAt, state.now + LEASE_MS) }
            : session,
        )
        return withSessions(row, sessions)
      })
      return { renewed, users: sessionColumns(users) }
    },
  }),
  form('sessions that end', {
    question: (state, chance) =>
      [...new Set(someIds(chance))].map((user) => ({
        user,
        id: chance.one(userRow(state, user)?.sessions ?? [NO_SESSION]).id,
      })),
    async ask({ ports, rows }, of) {
      return { ended: await ports.sessions.endSeveral(of), users: sessionColumns(await rows('users')) }
    },
    expected(state, of) {
      const ended = of.map(({ user, id }) => idsOfLive(state, user).includes(id))
      const users = state.users.map((row) => {
        const id = of.find(({ user }, place) => user === row.id && ended[place] === true)?.id
        return id === undefined
          ? row
          : withSessions(
              row,
              live(state, row).filter((session) => session.id !== id),
            )
      })
      return { ended, users: sessionColumns(users) }
    },
  }),
  form('sessions that begin: of everybody but those who were erased', {
    question: (_, chance) => [...new Set(someIds(chance))].map((user) => ({ user, id: chance.uuid() })),
    async ask({ ports, rows }, of) {
      const published = await ports.sessions.publishSeveral(
        of.map(({ user, id }) => ({
          ...{ user, inactiveForMs: 0, leaseMs: LEASE_MS, maxSessions: 100 },
          session: { ...SAID, id },
        })),
      )
      const stored = await rows('users')
      const users = stored.map((row) => ({
        ...row,
        sessions: row.sessions?.map(({ id }) => ({ id })) ?? null,
      }))
      return {
        published: published.map((each) => 'session' in each),
        hide: of.map(
          ({ user, id }) =>
            stored.find((row) => row.id === user)?.sessions?.find((session) => session.id === id)
              ?.mayAppearOffline,
        ),
        users: sessionColumns(users as never),
      }
    },
    expected(state, of) {
      const published = of.map(({ user }) => !isErased(state, user))
      const made = of.filter(({ user }) => !isErased(state, user) && userRow(state, user) === undefined)
      const all = [...state.users, ...made.map(({ user }) => ({ ...NEW_USER, id: user }))].sort(
        byBytes(({ id }) => id),
      )
      const users = all.map((row) => {
        const id = of.find(({ user }) => user === row.id && !isErased(state, user))?.id
        const sessions =
          id === undefined
            ? (row.sessions ?? [])
            : [...live(state, row), { id, leaseEndsAt: state.now + LEASE_MS }]
        const { session_ends_at } = id === undefined ? row : withSessions(row, sessions as never)
        return {
          ...row,
          sessions: sessions.length === 0 ? null : sessions.map((session) => ({ id: session.id })),
          session_ends_at,
        }
      })
      const allows = (user: string) =>
        state.classes.find(({ id }) => id === (userRow(state, user)?.class_id ?? 1))?.appear_offline_allowed
      const hide = of.map(({ user }) => (isErased(state, user) ? undefined : allows(user)))
      return { published, hide, users: sessionColumns(users as never) }
    },
  }),
  form('the sessions of users that have all ended, and nobody else’s, are reaped', {
    isOfService: true,
    question: (_, chance) => chance.one([1, 2, 100]),
    async ask({ ports, rows }, limit, state) {
      const reaped = await ports.leftovers.reapSessions(limit)
      const users = await rows('users')
      const live = users.filter((row) => row.sessions !== null && !isPast(state, row.session_ends_at))
      return {
        reaped,
        having: users.filter((row) => row.sessions !== null).length,
        live: live.map(({ id }) => id).sort(),
      }
    },
    // Which of those that have ended go first is no matter.
    expected(state, limit) {
      const having = state.users.filter((row) => row.sessions !== null)
      const live = having.filter((row) => !isPast(state, row.session_ends_at))
      const reaped = Math.min(having.length - live.length, limit)
      return { reaped, having: having.length - reaped, live: live.map(({ id }) => id).sort() }
    },
  }),
]

const NO_SESSION = { id: 'none' }

function live(state: State, row: UserRow): PresenceSession[] {
  return (row.sessions ?? []).filter(({ leaseEndsAt }) => leaseEndsAt > state.now)
}

function idsOfLive(state: State, user: string): string[] {
  const row = userRow(state, user)
  return row === undefined ? [] : live(state, row).map(({ id }) => id)
}

function withSessions(row: UserRow, sessions: PresenceSession[]): UserRow {
  const ends = sessions.map(({ leaseEndsAt }) => leaseEndsAt)
  return {
    ...row,
    sessions: sessions.length === 0 ? null : sessions,
    session_ends_at: sessions.length === 0 ? null : Math.max(...ends),
  }
}

function sessionColumns(users: readonly UserRow[]): unknown {
  return [...users]
    .sort(byBytes(({ id }) => id))
    .map(({ id, sessions, session_ends_at }) => ({ id, sessions, session_ends_at }))
}
