import type { Chance } from '../chance.ts'
import { form, type Form } from '../form.ts'
import { byBytes, edgeMeans, incomingMeans, isPast, outgoingMeans } from '../model.ts'
import { EVERYBODY, type IncomingRow, type State } from '../state.ts'
import { idsOf, type Id } from './questions.ts'

const STORED = [
  ...(['PENDING', 'ALLOWED', 'BLOCKED'] as const).map((state) => ({ state, replacedBlock: false })),
  ...(['PENDING', 'ALLOWED', 'BLOCKED'] as const).map((state) => ({ state, replacedBlock: true })),
]

/** The lists of a user's own. */
export const LISTS: readonly Form[] = [
  form('what a presentity has decided, in the order of ids', {
    question: (_, chance) => ({
      presentity: chance.one(EVERYBODY) as Id,
      stored: chance.some(STORED, 0.7),
      prefix: chance.one(['', '', '', 'a', 'ada', 'ada1', 'z']),
      after: chance.one([null, null, ...EVERYBODY]) as Id | null,
      limit: chance.one([1, 2, 10]),
    }),
    ask: ({ ports }, list) => ports.lists.edges(list),
    expected: (state, { presentity, stored, prefix, after, limit }) => ({
      now: state.now,
      edges: state.pairs
        .filter((row) => row.presentity_id === presentity)
        .filter((row) =>
          stored.some((as) => as.state === row.edge_state && as.replacedBlock === row.replaced_block),
        )
        .filter((row) => row.watcher_id.startsWith(prefix))
        .filter(
          (row) => after === null || Buffer.compare(Buffer.from(row.watcher_id), Buffer.from(after)) > 0,
        )
        .sort(byBytes((row) => row.watcher_id))
        .slice(0, limit)
        .map((row) => {
          const item = state.incoming.find(({ id }) => id === row.incoming_id)
          const waits = row.edge_state === 'PENDING' && item?.state === 'OPEN'
          return {
            watcher: row.watcher_id,
            edge: edgeMeans(row),
            request: waits ? incomingMeans(item) : null,
          }
        }),
    }),
  }),
  form('what waits for a user, page by page', {
    question: (state, chance) => ({
      presentity: chance.one(EVERYBODY) as Id,
      kind: chance.one(['REQUEST', 'NOTICE'] as const),
      page: pageOf(state.incoming, chance),
    }),
    ask: ({ ports }, list) => ports.lists.waiting(list),
    expected: (state, { presentity, kind, page }) =>
      pageExpected(
        state.incoming.filter(
          (row) => row.presentity_id === presentity && row.kind === kind && waits(state, row),
        ),
        page,
        (row) => ({ watcher: row.watcher_id, item: incomingMeans(row) }),
      ),
  }),
  form('what a user has asked for, page by page', {
    question: (state, chance) => ({
      watcher: chance.one(EVERYBODY) as Id,
      page: pageOf(state.outgoing, chance),
    }),
    ask: ({ ports }, list) => ports.lists.asked(list),
    expected: (state, { watcher, page }) =>
      pageExpected(
        state.outgoing.filter(
          (row) => row.watcher_id === watcher && row.state === 'OPEN' && !isPast(state, row.ends_at),
        ),
        page,
        (row) => ({ presentity: row.presentity_id, request: outgoingMeans(row) }),
      ),
  }),
  form('a popup, and what became of what it showed', {
    question: (state, chance) => ({
      presentity: chance.one(EVERYBODY) as Id,
      limit: chance.one([1, 2, 10]),
      known: idsOf(state.incoming, chance),
    }),
    ask: ({ ports }, look) => ports.lists.popup(look),
    expected(state, { presentity, limit, known }) {
      const own = state.incoming.filter((row) => row.presentity_id === presentity).sort(byTime)
      const waiting = (kind: IncomingRow['kind']) =>
        own
          .filter((row) => row.kind === kind && waits(state, row))
          .slice(0, limit)
          .map((row) => ({ watcher: row.watcher_id, item: incomingMeans(row) }))
      return {
        now: state.now,
        requests: waiting('REQUEST'),
        notices: waiting('NOTICE'),
        closed: own
          .filter((row) => known.includes(row.id) && row.state !== 'ABSORBED' && !waits(state, row))
          .map((row) => ({ ...incomingMeans(row), state: row.state === 'OPEN' ? 'EXPIRED' : row.state })),
      }
    },
  }),
]

function waits(state: State, row: IncomingRow): boolean {
  return row.state === 'OPEN' && !isPast(state, row.ends_at)
}

type Timed = { readonly id: string; readonly asked_at: number }

function byTime(a: Timed, b: Timed): number {
  return a.asked_at - b.asked_at || byBytes<Timed>(({ id }) => id)(a, b)
}

/** From the beginning, or after any place: that of a row, or one just beside it. */
function pageOf(rows: readonly Timed[], chance: Chance) {
  const after = rows.length === 0 || chance.is(0.4) ? null : chance.one(rows)
  return {
    first: chance.one([1, 2, 10]),
    after: after && { at: after.asked_at, id: chance.is(0.6) ? after.id : chance.uuid() },
  }
}

function pageExpected<Row extends Timed>(
  rows: readonly Row[],
  { first, after }: ReturnType<typeof pageOf>,
  means: (row: Row) => unknown,
): unknown {
  const following = [...rows]
    .sort(byTime)
    .filter((row) => after === null || byTime(row, { asked_at: after.at, id: after.id }) > 0)
  return { items: following.slice(0, first).map(means), hasNextPage: following.length > first }
}
