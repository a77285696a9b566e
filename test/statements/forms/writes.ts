import type { Preference } from '../../../src/application/ports.ts'
import type { Pair } from '../../../src/domain/pair.ts'
import type { Chance } from '../chance.ts'
import { form, type Form } from '../form.ts'
import { byBytes, incomingMeans, isErased, outgoingMeans, pairMeans, pairRow, userRow } from '../model.ts'
import { randomState } from '../random-state.ts'
import {
  EVERYBODY,
  type IncomingRow,
  type OutgoingRow,
  type PairRow,
  type TrailRow,
  type UserRow,
} from '../state.ts'
import { NEW_USER } from './changes.ts'
import type { Id } from './questions.ts'

/** What a change of who may see whom writes: all that another state holds of one pair. */
export const WRITES: readonly Form[] = [
  form('what a change has decided is stored, column by column', {
    // A standby refuses to lock, and then whatever follows in the transaction.
    refusesStandby: false,
    question: (_, chance) => writtenOf(chance),
    async ask({ ports, rows }, { by, other, presentity, watcher, row, user, item, request, trail }) {
      const answer = { clientKey: 'k9', fingerprint: row.edge_state, result: ANSWER }
      await ports.store.change({ name: 'aChange', by, others: [other], kind: 'DECISION' }, () => ({
        result: null,
        writes: {
          pairs: [{ presentity, watcher, pair: pairOf(row, item, request) }],
          incoming: [],
          preference: preferenceOf(user),
          requestCounts: {
            minute: { since: user.asked_minute_since ?? 0, count: user.asked_minute_count },
            day: { since: user.asked_day_since ?? 0, count: user.asked_day_count },
          },
          answer,
          trail: [{ presentity, watcher, ...recordOf(trail) }],
          signal: [],
        },
      }))
      const isPair = (stored: { watcher_id: string; presentity_id: string }): boolean =>
        stored.watcher_id === watcher && stored.presentity_id === presentity
      return {
        pair: (await rows('pairs')).find(isPair),
        others: (await rows('pairs')).filter((stored) => !isPair(stored)).length,
        incoming: (await rows('incoming')).filter(({ id }) => id === item.id),
        outgoing: (await rows('outgoing')).filter(({ id }) => id === request.id),
        users: (await rows('users'))
          .map(({ revision: _, ...stored }) => stored)
          .sort(byBytes(({ id }) => id)),
        answers: (await rows('answers'))
          .map((stored) => `${stored.presentity_id} ${stored.client_key}`)
          .sort(),
        answer: (await rows('answers')).find(({ client_key }) => client_key === 'k9'),
        trail: (await rows('trail')).filter(({ id }) => id > 1000).map(({ id: _, ...stored }) => stored),
      }
    },
    expected(state, { by, other, presentity, watcher, row, user, item, request, trail }) {
      if (isErased(state, by)) return 'USER_ERASED'
      const of = { presentity_id: presentity, watcher_id: watcher }
      const made = [by, other]
        .filter((id) => userRow(state, id) === undefined)
        .map((id) => ({ ...NEW_USER, id }))
      const week = 7 * 86_400_000
      const kept = state.answers.filter(
        (stored) => stored.presentity_id !== by || stored.answered_at >= state.now - week,
      )
      const answer = {
        presentity_id: by,
        client_key: 'k9',
        fingerprint: row.edge_state,
        result: ANSWER,
        answered_at: state.now,
      }
      const reversed = pairRow(state, { watcher: presentity, presentity: watcher }) ?? null
      const same = pairRow(state, { watcher, presentity }) ?? null
      return {
        pair: { ...row, ...of, incoming_id: item.id, outgoing_id: request.id },
        others: state.pairs.length - (same === null ? 0 : 1) + (reversed === null ? 1 : 0),
        incoming: [{ ...item, ...of }],
        outgoing: [{ ...request, ...of }],
        users: [...state.users, ...made]
          .map(({ revision: _, ...stored }) =>
            stored.id === by ? { ...stored, ...writtenColumns(user) } : stored,
          )
          .sort(byBytes(({ id }) => id)),
        answers: [...kept, answer].map((stored) => `${stored.presentity_id} ${stored.client_key}`).sort(),
        answer,
        trail: [{ ...trail, ...of }],
      }
    },
  }),
  form('of halves that are there already, state and triggers are stored anew, and nothing else', {
    // A standby refuses to lock, and then whatever follows in the transaction.
    refusesStandby: false,
    question: (state, chance) => ({
      by: (state.incoming[0]?.presentity_id ?? 'wim') as Id,
      other: (state.incoming[0]?.watcher_id ?? 'Pia') as Id,
      item: state.incoming[0] ?? null,
      request: state.outgoing[0] ?? null,
      row: randomState(chance).pairs[0] ?? null,
    }),
    async ask({ ports, rows }, { item, request, row, by, other }) {
      if (item === null || request === null || row === null) return null
      const pair = pairOf(
        row,
        { ...item, ...OTHERWISE, ...ANEW.item },
        { ...request, ...OTHERWISE, ...ANEW.request },
      )
      await ports.store.change({ name: 'aChange', by, others: [other], kind: 'DECISION' }, () => ({
        result: null,
        writes: {
          ...{ incoming: [], preference: null, requestCounts: null, answer: null, trail: [], signal: [] },
          pairs: [{ presentity: by, watcher: other, pair }],
        },
      }))
      return { incoming: await rows('incoming'), outgoing: await rows('outgoing') }
    },
    expected(state, { item, request, row, by }) {
      if (item === null || request === null || row === null) return null
      if (isErased(state, by)) return 'USER_ERASED'
      const anew = <Row extends { id: string }>(
        rows: readonly Row[],
        id: string,
        change: Partial<Row>,
      ): Row[] =>
        rows.map((each) => (each.id === id ? { ...each, ...change } : each)).sort(byBytes((each) => each.id))
      return {
        incoming: anew(state.incoming, item.id, ANEW.item),
        outgoing: anew(state.outgoing, request.id, ANEW.request),
      }
    },
  }),
]

const ANEW = {
  item: { state: 'DISMISSED', triggers: ['CALL', 'DIRECT'] },
  request: { state: 'WITHDRAWN', triggers: ['DIRECT'] },
} satisfies { item: Partial<IncomingRow>; request: Partial<OutgoingRow> }
const OTHERWISE = { asked_at: 1 }

const ANSWER = { outcomes: [], contacts: [], alwaysAcceptRefused: null }

type Written = {
  by: Id
  other: Id
  presentity: Id
  watcher: Id
  row: PairRow
  user: UserRow
  item: IncomingRow
  request: OutgoingRow
  trail: Omit<TrailRow, 'id'>
}

/** From another state, so that nothing of it is there already. */
function writtenOf(chance: Chance): Written {
  for (;;) {
    const of = randomState(chance)
    const [row, user, item, request] = [of.pairs[0], of.users[0], of.incoming[0], of.outgoing[0]]
    const record = of.trail.find(({ ended_state, cause }) => ended_state !== null && cause === 'SET')
    if (!row || !user || !item || !request || !record) continue
    const [by, other] = chance.shuffled(EVERYBODY) as [Id, Id]
    const [presentity, watcher] = chance.is(0.5) ? [by, other] : [other, by]
    const { id: _, ...trail } = { ...record, reaches_presentity: true }
    return { by, other, presentity, watcher, row, user, item, request, trail }
  }
}

function pairOf(row: PairRow, item: IncomingRow, request: OutgoingRow): Pair {
  return { ...pairMeans(row), incoming: incomingMeans(item), outgoing: outgoingMeans(request) } as Pair
}

function preferenceOf(user: UserRow): Preference {
  const manual = user.manual_status && { status: user.manual_status, endsAt: user.manual_ends_at }
  return { invitationHandling: user.invitation_handling, appearOffline: user.appear_offline, manual }
}

function writtenColumns(user: UserRow): Partial<UserRow> {
  return {
    invitation_handling: user.invitation_handling,
    appear_offline: user.appear_offline,
    manual_status: user.manual_status,
    manual_ends_at: user.manual_status === null ? null : user.manual_ends_at,
    asked_minute_since: user.asked_minute_since ?? 0,
    asked_minute_count: user.asked_minute_count,
    asked_day_since: user.asked_day_since ?? 0,
    asked_day_count: user.asked_day_count,
  }
}

function recordOf(row: Omit<TrailRow, 'id'>) {
  return {
    at: row.at,
    actor: { kind: row.actor_kind, id: row.actor_id },
    cause: row.cause as 'SET',
    before: row.state_before,
    after: row.state_after,
    ended:
      row.ended_state === null || row.ended_at === null ? null : { state: row.ended_state, at: row.ended_at },
  }
}
