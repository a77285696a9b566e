import type { UserId } from '../../../src/domain/user-id.ts'
import type { Chance } from '../chance.ts'
import { form, type Form } from '../form.ts'
import { byBytes, isErased } from '../model.ts'
import { randomState } from '../random-state.ts'
import { EVERYBODY, type ActRow, type State, type TrailRow } from '../state.ts'
import { sealedId } from '../stored-rows.ts'
import { afterId, isAfter, type Id } from './questions.ts'

/** What is kept of what was done. */
export const TRAILS: readonly Form[] = [
  form('of a presentity’s trail what reaches the presentity, the latest first', {
    question: (state, chance) => ({
      presentity: oneIn(state.trail, chance, (row) => row.presentity_id) ?? ('wim' as Id),
      watcher: oneIn(state.trail, chance, (row) => row.watcher_id),
      from: chance.is(0.4) ? null : placeIn(state.trail, chance),
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
      const rows = rowsToAskAround(state, 'trail', chance)
      return filtersAround(rows, chance, (row, given) => ({
        presentity: given(row.presentity_id as Id),
        watcher: given(row.watcher_id as Id),
        ...periodAround(row, { rows, chance, given }),
        from: given(placeIn(rows, chance)),
        limit: chance.one([1, 2, 100]),
      }))
    },
    ask: ({ ports }, filters) =>
      allOf(filters, ({ from, ...look }) => ports.trail.audit({ ...look, from: sealed('trail', from) })),
    expected: (state, filters) =>
      filters.map(({ presentity, watcher, since, until, from, limit }) =>
        state.trail
          .filter((row) => presentity === null || row.presentity_id === presentity)
          .filter((row) => watcher === null || row.watcher_id === watcher)
          .filter((row) => (since === null || row.at >= since) && (until === null || row.at < until))
          .filter((row) => from === null || !isLater(row, from))
          .sort(latestFirst)
          .slice(0, limit)
          .map(recordMeans),
      ),
  }),
  form('for auditors the acts of administrators that fit, the latest first', {
    question(state, chance) {
      const rows = rowsToAskAround(state, 'acts', chance)
      return filtersAround(rows, chance, (row, given) => ({
        actor: given(row.actor_id as Id),
        user: given(chance.one([...usersOf(state, row.id), 'wim']) as Id),
        ...periodAround(row, { rows, chance, given }),
        after: given(placeIn(rows, chance)),
        limit: chance.one([1, 1, 2, 100]),
      }))
    },
    ask: ({ ports }, filters) =>
      allOf(filters, ({ after, ...look }) => ports.acts.audit({ ...look, after: sealed('acts', after) })),
    expected: (state, filters) =>
      filters.map(({ actor, user, since, until, after, limit }) =>
        state.acts
          .filter((row) => actor === null || row.actor_id === actor)
          .filter((row) => user === null || usersOf(state, row.id).includes(user))
          .filter((row) => (since === null || row.at >= since) && (until === null || row.at < until))
          .filter((row) => after === null || isBefore(row, after))
          .sort(latestFirst)
          .slice(0, limit)
          .map((row) => actMeans(state, row)),
      ),
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

/** The rows of a state, or those of another one where it has none. */
function rowsToAskAround<Name extends 'trail' | 'acts'>(
  state: State,
  name: Name,
  chance: Chance,
): State[Name] {
  return state[name].length > 0 ? state[name] : rowsToAskAround(randomState(chance), name, chance)
}

/** Mostly of a row, or nobody in particular. */
function oneIn<Row>(rows: readonly Row[], chance: Chance, of: (row: Row) => string): Id | null {
  if (rows.length === 0 || chance.is(0.5)) return null
  return (chance.is(0.9) ? of(chance.one(rows)) : chance.one(EVERYBODY)) as Id
}

type Given = <Value>(value: Value) => Value | null

const FILTERS = Array.from({ length: 12 })

/**
 * Around one row each, so that conditions together leave something: often all conditions at once, so that the longest text is sent, and each of them
 * left out.
 */
function filtersAround<Row, Filter>(
  rows: readonly Row[],
  chance: Chance,
  filter: (row: Row, given: Given) => Filter,
): Filter[] {
  const given: Given = (value) => (chance.is(0.15) ? null : value)
  return FILTERS.map(() => filter(chance.one(rows), given))
}

/** From before a row, or its very moment, until another one, or the moment after. */
function periodAround<Row extends Placed>(
  { at }: Row,
  { rows, chance, given }: { rows: readonly Row[]; chance: Chance; given: Given },
): { since: number | null; until: number | null } {
  const other = chance.one(rows).at
  return {
    since: given(chance.one([at, at, at + 1, Math.min(at, other)])),
    until: given(chance.one([at, at + 1, Math.max(at, other), Math.max(at, other) + 1])),
  }
}

async function allOf<Filter>(
  filters: readonly Filter[],
  ask: (filter: Filter) => Promise<unknown>,
): Promise<unknown[]> {
  const found: unknown[] = []
  for (const filter of filters) found.push(await ask(filter))
  return found
}

type Placed = { readonly at: number; readonly id: number }

function placeIn(rows: readonly Placed[], chance: Chance): { at: number; id: string } | null {
  if (rows.length === 0) return null
  const { at, id } = chance.one(rows)
  return { at: at + chance.one([0, 0, 0, -1, 1]), id: String(id + chance.one([0, 0, -1, 1])) }
}

function sealed(
  table: 'trail' | 'acts',
  place: { at: number; id: string } | null,
): { at: number; id: string } | null {
  return place && { ...place, id: sealedId(table, Number(place.id)) }
}

function isLater(row: Placed, place: { readonly at: number; readonly id: string }): boolean {
  return row.at > place.at || (row.at === place.at && row.id > Number(place.id))
}

function isBefore(row: Placed, place: { readonly at: number; readonly id: string }): boolean {
  return row.at < place.at || (row.at === place.at && row.id < Number(place.id))
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
    users: usersOf(state, row.id).slice(0, 20),
  }
}
