import type { UserId } from '../../../src/domain/user-id.ts'
import { form, type Form } from '../form.ts'
import { byBytes, isErased, outgoingMeans, viewMeans } from '../model.ts'
import { EVERYBODY, type ActRow, type State, type TrailRow } from '../state.ts'
import type { Chance } from '../chance.ts'
import { sealedId } from '../stored-rows.ts'
import type { Id } from './questions.ts'

/** What is kept of a person, and of what was done. */
export const ACCOUNT: readonly Form[] = [
  form('all that a watcher has been told, and all contacts', {
    question: (_, chance) => ({
      watcher: chance.one(EVERYBODY) as Id,
      after: afterId(chance),
      limit: chance.one([1, 2, 10]),
    }),
    ask: ({ ports }, list) => ports.records.viewsOf(list),
    expected: (state, { watcher, after, limit }) => ({
      now: state.now,
      views: state.pairs
        .filter((row) => row.watcher_id === watcher && isAfter(row.presentity_id, after))
        .sort(byBytes((row) => row.presentity_id))
        .slice(0, limit)
        .map((row) => ({
          presentity: row.presentity_id,
          view: viewMeans(row),
          contactSince: row.contact_since,
        })),
    }),
  }),
  form('all that a watcher has asked for', {
    question: (state, chance) => ({
      watcher: chance.one(EVERYBODY) as Id,
      after: chance.is(0.4) ? chance.one([...state.outgoing.map(({ id }) => id), chance.uuid()]) : null,
      limit: chance.one([1, 2, 10]),
    }),
    ask: ({ ports }, list) => ports.records.requestsOf(list),
    expected: (state, { watcher, after, limit }) => ({
      now: state.now,
      requests: state.outgoing
        .filter((row) => row.watcher_id === watcher && isAfter(row.id, after))
        .sort(byBytes(({ id }) => id))
        .slice(0, limit)
        .map((row) => ({ presentity: row.presentity_id, request: outgoingMeans(row) })),
    }),
  }),
  form('all answers under a key', {
    question: (_, chance) => ({
      presentity: chance.one(EVERYBODY) as Id,
      after: chance.one([null, 'K3', 'k1', 'k2']),
      limit: chance.one([1, 2, 10]),
    }),
    ask: ({ ports }, list) => ports.records.answersOf(list),
    expected: (state, { presentity, after, limit }) =>
      state.answers
        .filter((row) => row.presentity_id === presentity && isAfter(row.client_key, after))
        // What a service has reported under a key is no answer.
        .filter((row) => !row.client_key.includes('/'))
        .sort(byBytes((row) => row.client_key))
        .slice(0, limit)
        .map((row) => ({ clientKey: row.client_key, result: row.result, answeredAt: row.answered_at })),
  }),
  form('of a presentity’s trail what reaches the presentity, the latest first', {
    question: (state, chance) => ({
      presentity: oneIn(state.trail, chance, (row) => row.presentity_id) ?? ('wim' as Id),
      watcher: oneIn(state.trail, chance, (row) => row.watcher_id),
      from: placeIn(state.trail, chance),
      limit: chance.one([1, 2, 100]),
    }),
    ask: ({ ports }, { from, ...look }) => ports.trail.ofPresentity({ ...look, from: sealed('trail', from) }),
    expected: (state, { presentity, watcher, from, limit }) =>
      state.trail
        .filter((row) => row.presentity_id === presentity && row.reaches_presentity)
        .filter((row) => watcher === null || row.watcher_id === watcher)
        .filter((row) => from === null || !isLater(row, from))
        .sort(latestFirst)
        .slice(0, limit)
        .map(recordMeans),
  }),
  form('for auditors all of the trail that fits, the latest first', {
    question(state, chance) {
      // Around one record, so that conditions together leave something.
      const around = chance.is(0.7) ? chance.shuffled(state.trail).slice(0, 1) : state.trail
      return {
        presentity: oneIn(around, chance, (row) => row.presentity_id),
        watcher: oneIn(around, chance, (row) => row.watcher_id),
        since: momentIn(around, chance),
        until: momentIn(state.trail, chance),
        from: placeIn(chance.is(0.5) ? around : state.trail, chance),
        limit: chance.one([1, 2, 100]),
      }
    },
    ask: ({ ports }, { from, ...look }) => ports.trail.audit({ ...look, from: sealed('trail', from) }),
    expected: (state, { presentity, watcher, since, until, from, limit }) =>
      state.trail
        .filter((row) => presentity === null || row.presentity_id === presentity)
        .filter((row) => watcher === null || row.watcher_id === watcher)
        .filter((row) => (since === null || row.at >= since) && (until === null || row.at < until))
        .filter((row) => from === null || !isLater(row, from))
        .sort(latestFirst)
        .slice(0, limit)
        .map(recordMeans),
  }),
  form('for auditors the acts of administrators that fit, the latest first', {
    question: (state, chance) => ({
      actor: oneIn(state.acts, chance, (row) => row.actor_id),
      user: oneIn(state.actUsers, chance, (row) => row.user_id),
      since: momentIn(state.acts, chance),
      until: momentIn(state.acts, chance),
      after: placeIn(state.acts, chance),
      limit: chance.one([1, 2, 100]),
    }),
    ask: ({ ports }, { after, ...look }) => ports.acts.audit({ ...look, after: sealed('acts', after) }),
    expected: (state, { actor, user, since, until, after, limit }) =>
      state.acts
        .filter((row) => actor === null || row.actor_id === actor)
        .filter((row) => user === null || usersOf(state, row.id).includes(user))
        .filter((row) => (since === null || row.at >= since) && (until === null || row.at < until))
        .filter(
          (row) =>
            after === null ||
            isLater({ at: after.at, id: Number(after.id) }, { at: row.at, id: String(row.id) }),
        )
        .sort(latestFirst)
        .slice(0, limit)
        .map((row) => actMeans(state, row)),
  }),
  form('everybody whom an act was about', {
    question: (_, chance) => ({
      act: String(chance.integer(1, 9)),
      after: afterId(chance),
      limit: chance.one([1, 2, 100]),
    }),
    ask: ({ ports }, { act, ...look }) => ports.acts.usersOf({ ...look, act: sealedId('acts', Number(act)) }),
    expected: (state, { act, after, limit }) =>
      usersOf(state, Number(act))
        .filter((id) => isAfter(id, after))
        .slice(0, limit),
  }),
  form('an act that only looks is recorded, unless it just was', {
    question(state, chance) {
      const [act] = chance.shuffled(state.acts)
      return {
        actor: {
          kind: 'ADMINISTRATOR',
          id: (chance.is(0.7) && act ? act.actor_id : chance.one(EVERYBODY)) as Id,
        } as const,
        kind: chance.one(['EXPORTED', 'SIGHT_EXPLAINED'] as const),
        users: chance.some(EVERYBODY, 0.3) as Id[],
        unlessWithinMs: chance.one([
          null,
          state.now - (act?.at ?? 0),
          state.now - (act?.at ?? 0) - 1,
          3_600_000 * 240,
        ]),
      }
    },
    async ask({ ports, rows }, done) {
      await ports.acts.record(done)
      const recorded = (await rows('acts')).filter(({ id }) => id > 1000)
      const users = (await rows('actUsers')).filter(({ act_id }) => act_id > 1000)
      return { acts: recorded.map(({ id: _, ...act }) => act), users: users.map(({ user_id }) => user_id) }
    },
    expected(state, { actor, kind, users, unlessWithinMs }) {
      if (isErased(state, actor.id)) return 'USER_ERASED'
      const isRecorded = (row: ActRow): boolean =>
        unlessWithinMs !== null &&
        row.actor_id === actor.id &&
        row.act === kind &&
        row.at >= state.now + state.micros / 1000 - unlessWithinMs &&
        usersOf(state, row.id).some((id) => users.includes(id as UserId))
      if (state.acts.some(isRecorded)) return { acts: [], users: [] }
      const about = users.filter((id) => !isErased(state, id)).sort(byBytes((id) => id))
      const act = {
        actor_kind: 'ADMINISTRATOR',
        actor_id: actor.id,
        act: kind,
        class_name: null,
        settings: [],
      }
      return { acts: [{ ...act, at: state.now, users: about.length }], users: about }
    },
  }),
]

function afterId(chance: Chance): Id | null {
  return chance.one([null, null, ...EVERYBODY]) as Id | null
}

function isAfter(id: string, after: string | null): boolean {
  return after === null || Buffer.compare(Buffer.from(id), Buffer.from(after)) > 0
}

/** Mostly of a row, or nobody in particular. */
function oneIn<Row>(rows: readonly Row[], chance: Chance, of: (row: Row) => string): Id | null {
  if (rows.length === 0 || chance.is(0.5)) return null
  return (chance.is(0.9) ? of(chance.one(rows)) : chance.one(EVERYBODY)) as Id
}

type Placed = { readonly at: number; readonly id: number }

function placeIn(rows: readonly Placed[], chance: Chance): { at: number; id: string } | null {
  if (rows.length === 0 || chance.is(0.4)) return null
  const { at, id } = chance.one(rows)
  return { at: at + chance.one([0, 0, 0, -1, 1]), id: String(id + chance.one([0, 0, -1, 1])) }
}

function sealed(
  table: 'trail' | 'acts',
  place: { at: number; id: string } | null,
): { at: number; id: string } | null {
  return place && { ...place, id: sealedId(table, Number(place.id)) }
}

function momentIn(rows: readonly Placed[], chance: Chance): number | null {
  return rows.length === 0 || chance.is(0.5) ? null : chance.one(rows).at + chance.one([0, 0, 1])
}

function isLater(row: Placed, place: { readonly at: number; readonly id: string }): boolean {
  return row.at > place.at || (row.at === place.at && row.id > Number(place.id))
}

function latestFirst(a: Placed, b: Placed): number {
  return b.at - a.at || b.id - a.id
}

function recordMeans(row: TrailRow): unknown {
  return {
    id: sealedId('trail', row.id),
    presentity: row.presentity_id,
    watcher: row.watcher_id,
    at: row.at,
    actor: { kind: row.actor_kind, id: row.actor_id },
    cause: row.cause,
    before: row.state_before,
    after: row.state_after,
    ended: row.ended_state === null ? null : { state: row.ended_state, at: row.ended_at },
  }
}

function usersOf(state: State, act: number): string[] {
  return state.actUsers
    .filter((row) => row.act_id === act)
    .map((row) => row.user_id)
    .sort(byBytes((id) => id))
}

function actMeans(state: State, row: ActRow): unknown {
  return {
    id: sealedId('acts', row.id),
    at: row.at,
    actor: { kind: row.actor_kind, id: row.actor_id },
    kind: row.act,
    className: row.class_name,
    settings: row.settings,
    userCount: row.users,
    users: usersOf(state, row.id),
  }
}
