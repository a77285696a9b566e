import type { PairOf } from '../../../src/application/ports.ts'
import type { ChangeScope, Snapshot, Writes } from '../../../src/application/privacy-store.ts'
import type { Chance } from '../chance.ts'
import { form, type Form, type World } from '../form.ts'
import { incomingMeans, isErased, outgoingMeans, pairMeans, pairRow, userMeans, userRow } from '../model.ts'
import { EVERYBODY, type State } from '../state.ts'
import { byId } from './facts.ts'
import { idsOf, type Id } from './questions.ts'

/** What a change of who may see whom locks, and finds. */
export const CHANGES: readonly Form[] = [
  form('what a change finds, once all that it may touch is locked', {
    // A standby refuses to lock, and then whatever follows in the transaction.
    refusesStandby: false,
    question: scopeOf,
    async ask(world, scope) {
      const found = await world.ports.store.change(scope, (snapshot) => ({
        writes: NOTHING,
        result: snapshotFound(snapshot, scope),
      }))
      return { found, ...(await rowsAfter(world)) }
    },
    expected(state, scope) {
      if (isErased(state, scope.by)) return 'USER_ERASED'
      if (scope.actor !== undefined && isErased(state, scope.actor.id)) return 'USER_ERASED'
      const after = lockedBy(state, scope)
      return { found: snapshotExpected(after.state, scope), users: after.users, pairs: after.pairs }
    },
  }),
  form('who asked for what waits for a user', {
    question: (state, chance) => ({
      presentity: chance.one(EVERYBODY) as Id,
      ids: idsOf(state.incoming, chance),
    }),
    ask: async ({ ports }, look) => [...(await ports.store.watchersOf(look))].sort(),
    expected: (state, { presentity, ids }) =>
      unique(
        state.incoming
          .filter((row) => row.presentity_id === presentity && ids.includes(row.id))
          .map((row) => row.watcher_id),
      ),
  }),
  form('whom a user has asked', {
    question: (state, chance) => ({
      watcher: chance.one(EVERYBODY) as Id,
      ids: idsOf(state.outgoing, chance),
    }),
    ask: async ({ ports }, look) => [...(await ports.store.presentitiesOf(look))].sort(),
    expected: (state, { watcher, ids }) =>
      unique(
        state.outgoing
          .filter((row) => row.watcher_id === watcher && ids.includes(row.id))
          .map((row) => row.presentity_id),
      ),
  }),
]

const NOTHING: Writes = {
  ...{ pairs: [], incoming: [], preference: null, requestCounts: null, answer: null, trail: [], signal: [] },
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)].sort()
}

function scopeOf(state: State, chance: Chance): ChangeScope {
  const [by, actor, ...rest] = chance.shuffled(EVERYBODY) as [Id, Id, ...Id[]]
  return {
    name: 'aChange',
    by,
    ...(chance.is(0.3) && { actor: { kind: 'SERVICE', id: actor } as const }),
    kind: chance.one(['REQUEST', 'DECISION']),
    others: chance.is(0.1) ? [] : chance.some(rest, 0.6),
    othersFound: chance.is(0.4),
    ...(chance.is(0.7) && { incoming: idsOf(state.incoming, chance) }),
    ...(chance.is(0.7) && { outgoing: idsOf(state.outgoing, chance) }),
    ...(chance.is(0.7) && { clientKey: chance.one(['k1', 'k2', 'K3']) }),
  }
}

/** Both directions of `by` and each other. */
function pairsOf({ by, others }: ChangeScope): PairOf[] {
  return others.flatMap((other) => [
    { presentity: by, watcher: other },
    { presentity: other, watcher: by },
  ])
}

function snapshotFound(snapshot: Snapshot, scope: ChangeScope): unknown {
  const userIn = (id: Id): unknown => {
    try {
      return snapshot.user(id)
    } catch {
      return null
    }
  }
  return {
    now: snapshot.now,
    users: byId([scope.by, ...scope.others].map((id) => [id, userIn(id)])),
    pairs: pairsOf(scope).map((of) => snapshot.pair(of)),
    incoming: byId(snapshot.incoming),
    outgoing: byId(snapshot.outgoing),
    contactCount: snapshot.contactCount,
    requestCounts: snapshot.requestCounts,
    storedAnswer: snapshot.storedAnswer,
  }
}

function snapshotExpected(state: State, scope: ChangeScope): unknown {
  const { by } = scope
  const own = userRow(state, by)
  const answer = state.answers.find((row) => row.presentity_id === by && row.client_key === scope.clientKey)
  const incoming = state.incoming.filter(
    (row) => row.presentity_id === by && scope.incoming?.includes(row.id) === true,
  )
  const outgoing = state.outgoing.filter(
    (row) => row.watcher_id === by && scope.outgoing?.includes(row.id) === true,
  )
  return {
    now: state.now,
    users: byId(
      [by, ...scope.others].map((id) => [id, userRow(state, id) === undefined ? null : userMeans(state, id)]),
    ),
    pairs: pairsOf(scope).map((of) => {
      const row = pairRow(state, of)
      return {
        ...pairMeans(row),
        incoming: incomingMeans(state.incoming.find(({ id }) => id === row?.incoming_id)),
        outgoing: outgoingMeans(state.outgoing.find(({ id }) => id === row?.outgoing_id)),
      }
    }),
    incoming: byId(incoming.map((row) => [row.id, { watcher: row.watcher_id, item: incomingMeans(row) }])),
    outgoing: byId(
      outgoing.map((row) => [row.id, { presentity: row.presentity_id, request: outgoingMeans(row) }]),
    ),
    contactCount: state.pairs.filter((row) => row.watcher_id === by && row.contact_since !== null).length,
    requestCounts: {
      minute: { since: own?.asked_minute_since ?? 0, count: own?.asked_minute_count ?? 0 },
      day: { since: own?.asked_day_since ?? 0, count: own?.asked_day_count ?? 0 },
    },
    storedAnswer: answer === undefined ? null : { fingerprint: answer.fingerprint, result: answer.result },
  }
}

/** Which users are there, by whether a change holds them, and which pairs. */
async function rowsAfter({ rows }: World): Promise<{ users: unknown; pairs: string[] }> {
  const users = await rows('users')
  const pairs = await rows('pairs')
  return {
    users: byId(users.map(({ id, revision }) => [id, revision >= RAISED ? 'RAISED OR MADE' : revision])),
    pairs: pairs.map((row) => `${row.watcher_id} -> ${row.presentity_id}`).sort(),
  }
}

/** Revisions that the database hands out are far above all that a state has. */
const RAISED = 1_000_000_000_000

/** What is missing is made, unless whoever was found in what is stored has been erased since. */
function lockedBy(state: State, scope: ChangeScope): { state: State; users: unknown; pairs: string[] } {
  const others = scope.others.filter((id) => scope.othersFound !== true || !isErased(state, id))
  const made = [scope.by, ...others].filter((id) => userRow(state, id) === undefined)
  const raised = new Set([scope.by, ...(scope.kind === 'REQUEST' ? others : []), ...made])
  const revisions = [...state.users.map(({ id, revision }): [string, unknown] => [id, revision])]
  const pairs = state.pairs.map((row) => `${row.watcher_id} -> ${row.presentity_id}`)
  const locked =
    scope.kind === 'REQUEST'
      ? []
      : others.flatMap((other) => [`${scope.by} -> ${other}`, `${other} -> ${scope.by}`])
  return {
    state: { ...state, users: [...state.users, ...made.map((id) => ({ ...NEW_USER, id }))] },
    users: byId([...revisions, ...[...raised].map((id): [string, unknown] => [id, 'RAISED OR MADE'])]),
    pairs: unique([...pairs, ...locked]),
  }
}

export const NEW_USER = {
  class_id: 1,
  invitation_handling: 'PROMPT',
  presence_server: 'NONE_KNOWN',
  appear_offline: false,
  manual_status: null,
  manual_ends_at: null,
  revision: RAISED,
  asked_minute_since: null,
  asked_minute_count: 0,
  asked_day_since: null,
  asked_day_count: 0,
  sessions: null,
  session_ends_at: null,
} as const
