import { form, type Form, type World } from '../form.ts'
import { byBytes, classOf, isErased, isPast, presenceServerOf, userRow } from '../model.ts'
import { EVERYBODY, type State, type UserRow } from '../state.ts'
import { NEW_USER } from './changes.ts'
import { byId } from './facts.ts'
import { someIds, type Id } from './questions.ts'

/** What administrators see and set. */
export const ADMINISTRATION: readonly Form[] = [
  form('what is set for users', {
    question: (_, chance) => someIds(chance),
    ask: async ({ ports }, users) => byId(await ports.administration.settingsOf(users)),
    expected: (state, users) =>
      byId(
        users.map((id) => {
          const own = userRow(state, id)?.presence_server ?? 'NONE_KNOWN'
          const presenceServer = { own, effective: presenceServerOf(state, id) }
          return [id, { classOfService: classOf(state, id), presenceServer }]
        }),
      ),
  }),
  form('how many users each class has that is not the default one', {
    question: () => null,
    ask: async ({ ports }) => byId(await ports.administration.assignedUsers()),
    expected: ({ classes, users }) =>
      byId(
        classes
          .filter(({ id }) => id !== 1)
          .map(({ id, name }) => [name, users.filter((row) => row.class_id === id).length]),
      ),
  }),
  form('what is set for the site', {
    question: () => null,
    ask: ({ ports }) => ports.administration.site(),
    expected: ({ site }) => ({ presenceServer: site.presence_server }),
  }),
  form('a class that users are put into', {
    question: (_, chance) => ({
      ...acting(chance.one(EVERYBODY), someIds(chance)),
      className: chance.one(['default', 'class 2', 'class 3', 'no class']),
    }),
    ask: async (world, set) => ({
      result: await world.ports.administration.assignClass(set),
      ...(await after(world)),
    }),
    expected(state, { actor, users, className }) {
      if (isErased(state, actor.id)) return 'USER_ERASED'
      const id = state.classes.find(({ name }) => name === className)?.id
      if (id === undefined) return { result: 'CLASS_NOT_FOUND', users: columnsOf(state.users), acts: [] }
      const set = expectedAfter(state, users, (row) =>
        row.class_id === id ? row : { ...row, class_id: id, revision: RAISED },
      )
      const act = { act: 'CLASS_ASSIGNED', class_name: className, settings: [] }
      return {
        result: { assigned: set.count },
        users: set.users,
        acts: [{ ...recorded(state, actor.id, set.count), ...act }],
      }
    },
  }),
  form('what sessions keep of hiding when their users come into another class', {
    question: (_, chance) => ({
      ...acting(chance.one(EVERYBODY), someIds(chance)),
      className: chance.one(['default', 'class 2', 'class 3']),
    }),
    async ask({ ports, rows }, set) {
      await ports.administration.assignClass(set)
      return hidingIn(await rows('users'))
    },
    expected(state, { actor, users, className }) {
      if (isErased(state, actor.id)) return 'USER_ERASED'
      const id = state.classes.find(({ name }) => name === className)?.id
      return hidingIn(
        state.users.map((row) => {
          const comes = users.includes(row.id as Id) && !isErased(state, row.id) && row.class_id !== id
          if (!comes || !row.appear_offline || row.sessions === null || isPast(state, row.session_ends_at))
            return row
          const left = state.classes.find((each) => each.id === row.class_id)
          const sessions = (row.sessions ?? [])
            .filter(({ leaseEndsAt }) => leaseEndsAt > state.now)
            .map((session) => ({
              ...session,
              mayAppearOffline:
                left?.appear_offline_allowed === true ||
                session.mayAppearOffline ||
                (session.inClassSince ?? 0) <= (left?.appear_offline_forbidden_at ?? -Infinity),
              inClassSince: state.now,
            }))
          return { ...row, sessions }
        }),
      )
    },
  }),
  form('the presence server that is set for users', {
    question: (_, chance) => ({
      ...acting(chance.one(EVERYBODY), someIds(chance)),
      server: chance.one(['OCS_2007', 'CONVERGED_CONFERENCING', 'NONE_KNOWN'] as const),
    }),
    ask: async (world, set) => ({
      result: await world.ports.administration.setPresenceServer(set),
      ...(await after(world)),
    }),
    expected(state, { actor, users, server }) {
      if (isErased(state, actor.id)) return 'USER_ERASED'
      const set = expectedAfter(state, users, (row) =>
        row.presence_server === server ? row : { ...row, presence_server: server, revision: RAISED },
      )
      const name = {
        name: 'presenceServer',
        before: null,
        after: server === 'NONE_KNOWN' ? 'SITE_DEFAULT' : server,
      }
      const act = { act: 'PRESENCE_SERVER_SET', class_name: null, settings: [name] }
      return {
        result: { set: set.count },
        users: set.users,
        acts: [{ ...recorded(state, actor.id, set.count), ...act }],
      }
    },
  }),
  form('the presence server that is set for the site', {
    question: (_, chance) => ({
      actor: { kind: 'ADMINISTRATOR', id: chance.one(EVERYBODY) as Id } as const,
      presenceServer: chance.one(['OCS_2007', 'CONVERGED_CONFERENCING', 'NONE_KNOWN'] as const),
    }),
    async ask(world, set) {
      const nobody = { presentities: [], watchers: new Map<Id, string>() }
      const { settings: before } = await world.ports.live.look(nobody)
      await world.ports.administration.setSite(set)
      const isRaised = sumIn((await world.ports.live.look(nobody)).settings) > sumIn(before)
      return { site: await world.ports.administration.site(), isRaised, ...(await after(world)) }
    },
    expected(state, { actor, presenceServer }) {
      if (isErased(state, actor.id)) return 'USER_ERASED'
      const before = state.site.presence_server
      const settings =
        before === presenceServer ? [] : [{ name: 'presenceServer', before, after: presenceServer }]
      const act = { ...recorded(state, actor.id, 0), act: 'SITE_CHANGED', class_name: null, settings }
      return { site: { presenceServer }, isRaised: true, users: columnsOf(state.users), acts: [act] }
    },
  }),
]

const RAISED = 'RAISED' as const

function acting(actor: string, users: readonly Id[]) {
  return { actor: { kind: 'ADMINISTRATOR', id: actor as Id } as const, users: [...new Set(users)] }
}

/** Of users who have sessions, by id. */
function hidingIn(users: readonly Pick<UserRow, 'id' | 'sessions' | 'session_ends_at'>[]): unknown {
  return users
    .filter(({ sessions }) => sessions !== null)
    .sort(byBytes(({ id }) => id))
    .map(({ id, sessions, session_ends_at }) => ({ id, sessions, session_ends_at }))
}

type SetRow = Pick<UserRow, 'id' | 'class_id' | 'presence_server'> & { revision: number | typeof RAISED }

/** All rows of users by what an administrator sets, and the act that was recorded. */
async function after({ rows }: World): Promise<{ users: unknown; acts: unknown }> {
  const acts = (await rows('acts')).filter(({ id }) => id > 1000)
  return { users: columnsOf(await rows('users')), acts: acts.map(({ id: _, ...act }) => act) }
}

function columnsOf(users: readonly SetRow[]): unknown {
  return [...users].sort(byBytes(({ id }) => id)).map(({ id, class_id, presence_server, revision }) => ({
    ...{ id, class_id, presence_server },
    revision: typeof revision === 'number' && revision < NEW_USER.revision ? revision : RAISED,
  }))
}

function expectedAfter(state: State, users: readonly string[], set: (row: SetRow) => SetRow) {
  const about = users.filter((id) => !isErased(state, id))
  const made = about.filter((id) => userRow(state, id) === undefined).map((id) => ({ ...NEW_USER, id }))
  const all = [...state.users, ...made].map((row) => (about.includes(row.id) ? set(row) : row))
  return { count: about.length, users: columnsOf(all) }
}

function recorded(state: State, actor: string, users: number) {
  return { at: state.now, actor_kind: 'ADMINISTRATOR', actor_id: actor, users }
}

/** Behind the timeline of the server. */
function sumIn(settings: string): number {
  return Number(settings.slice(9))
}
