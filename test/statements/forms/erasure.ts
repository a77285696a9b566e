import { form, type Form } from '../form.ts'
import { byBytes } from '../model.ts'
import { EVERYBODY, type State } from '../state.ts'
import type { Id } from './questions.ts'

/** What is removed of a person, and what time removes. */
export const ERASURE: readonly Form[] = [
  form('after an erasure no row holds the id, in whichever direction, and all other rows are as they were', {
    question: (_, chance) => {
      const [user, other] = chance.shuffled(EVERYBODY) as [Id, Id]
      return {
        user,
        actor: { kind: 'ADMINISTRATOR' as const, id: chance.is(0.5) ? user : other },
        token: '\u001ferased:x',
      }
    },
    async ask({ ports, rows }, erasure) {
      await ports.records.erase(erasure)
      return {
        users: (await rows('users'))
          .map(({ id, revision }) => ({ id, revision }))
          .sort(byBytes(({ id }) => id)),
        pairs: await rows('pairs').then((all) =>
          all.map((row) => `${row.watcher_id} -> ${row.presentity_id}`).sort(),
        ),
        incoming: idsIn(await rows('incoming')),
        outgoing: idsIn(await rows('outgoing')),
        answers: (await rows('answers')).map(({ result, ...row }) => ({ ...row, contacts: result.contacts })),
        trail: (await rows('trail')).filter(({ id }) => id <= 1000),
        ended: (await rows('trail'))
          .filter(({ id }) => id > 1000)
          .map(({ id: _, ...row }) => inOrder(row))
          .sort(),
        acts: (await rows('acts')).map(({ id, ...row }) => (id > 1000 ? row : { id, ...row })),
        actUsers: (await rows('actUsers')).map((row) => (row.act_id > 1000 ? row.user_id : row)),
      }
    },
    expected(state, { user, actor, token }) {
      const isOf = (row: { watcher_id: string; presentity_id: string }): boolean =>
        row.watcher_id === user || row.presentity_id === user
      const renamed = <Value>(id: Value): Value | string => (id === user ? token : id)
      if (state.erased.includes(actor.id) && actor.id !== user) return 'USER_ERASED'
      const act = {
        actor_kind: 'ADMINISTRATOR',
        actor_id: renamed(actor.id),
        act: 'ERASED',
        class_name: null,
      }
      return {
        users: state.users
          .filter(({ id }) => id !== user)
          .map(({ id, revision }) => ({ id, revision }))
          .sort(byBytes(({ id }) => id)),
        pairs: state.pairs
          .filter((row) => !isOf(row))
          .map((row) => `${row.watcher_id} -> ${row.presentity_id}`)
          .sort(),
        incoming: idsIn(state.incoming.filter((row) => !isOf(row))),
        outgoing: idsIn(state.outgoing.filter((row) => !isOf(row))),
        answers: state.answers
          .filter((row) => row.presentity_id !== user)
          .sort(
            (a, b) =>
              byBytes<typeof a>((row) => row.presentity_id)(a, b) ||
              byBytes<typeof a>((row) => row.client_key)(a, b),
          )
          .map(({ result, ...row }) => ({
            ...row,
            contacts: result.contacts.filter((contact) => contact.user !== user),
          })),
        trail: state.trail.map((row) => ({
          ...row,
          presentity_id: renamed(row.presentity_id),
          watcher_id: renamed(row.watcher_id),
          actor_id: renamed(row.actor_id),
        })),
        ended: state.pairs
          .filter(isOf)
          .flatMap((row) => endedRecord(state, row, { renamed, actor }))
          .sort(),
        acts: [
          ...state.acts.map((row) => ({ ...row, actor_id: renamed(row.actor_id) })),
          { ...act, at: state.now, settings: [], users: 1 },
        ],
        actUsers: [
          ...state.actUsers
            .map((row) => ({ ...row, user_id: renamed(row.user_id) }))
            .sort((a, b) => a.act_id - b.act_id || byBytes<typeof a>((row) => row.user_id)(a, b)),
          token,
        ],
      }
    },
  }),
  form('pairs of which something has ended by time, the longest ended among them', {
    isOfService: true,
    question: (_, chance) => chance.one([1, 2, 100]),
    async ask({ ports }, limit, state) {
      const pairs = await ports.leftovers.endedPairs(limit)
      const found = pairs.map(({ watcher, presentity }) => `${watcher} -> ${presentity}`)
      return {
        count: new Set(found).size,
        others: found.filter((pair) => !longestEnded(state, limit).includes(pair)),
      }
    },
    expected: (state, limit) => ({ count: Math.min(limit, longestEnded(state, limit).length), others: [] }),
  }),
  form('what is past its end is stored as expired', {
    isOfService: true,
    question: (_, chance) => chance.one([1, 1000]),
    async ask({ ports, rows }, limit) {
      const most = await ports.leftovers.expireReplaced(limit)
      const [incoming, outgoing] = [await rows('incoming'), await rows('outgoing')]
      const [items, requests] = [incoming, outgoing].map(
        (all) => all.filter(({ state }) => state === 'EXPIRED').length,
      )
      return limit === 1
        ? { most, items, requests }
        : { most, incoming: statesIn(incoming), outgoing: statesIn(outgoing) }
    },
    expected(state, limit) {
      const due = (row: { state: string; ends_at: number | null }): boolean =>
        row.state === 'OPEN' && row.ends_at !== null && row.ends_at <= state.now
      const after = (rows: readonly { id: string; state: string; ends_at: number | null }[]) =>
        statesIn(rows.map((row) => (due(row) ? { ...row, state: 'EXPIRED' } : row)))
      const most = Math.max(state.incoming.filter(due).length, state.outgoing.filter(due).length)
      const expired = (rows: readonly { state: string; ends_at: number | null }[]): number =>
        rows.filter((row) => row.state === 'EXPIRED').length + Math.min(limit, rows.filter(due).length)
      return limit === 1
        ? { most: Math.min(limit, most), items: expired(state.incoming), requests: expired(state.outgoing) }
        : { most, incoming: after(state.incoming), outgoing: after(state.outgoing) }
    },
  }),
  form('what has been over for long enough is forgotten', {
    isOfService: true,
    question: (_, chance) => ({
      kept: {
        requestsMs: chance.one([0, 1, 3_600_000 * 100]),
        answersMs: chance.one([0, 1, 3_600_000 * 200]),
      },
      limit: chance.one([1, 1000]),
    }),
    async ask({ ports, rows }, what) {
      const most = await ports.leftovers.forget(what)
      const left = {
        incoming: idsIn(await rows('incoming')),
        outgoing: idsIn(await rows('outgoing')),
        answers: keysIn(await rows('answers')),
      }
      return { most, left: what.limit === 1 ? sizesOf(left) : left }
    },
    expected(state, { kept, limit }) {
      const isOver = (row: { state: string; asked_at: number; ends_at: number | null }): boolean =>
        row.state !== 'OPEN' &&
        row.asked_at <= state.now - kept.requestsMs &&
        (row.ends_at === null || row.ends_at <= state.now - kept.requestsMs)
      const isOld = (row: { answered_at: number }): boolean => row.answered_at <= state.now - kept.answersMs
      const over = {
        incoming: state.incoming.filter(isOver).length,
        outgoing: state.outgoing.filter(isOver).length,
        answers: state.answers.filter(isOld).length,
      }
      const most = Math.min(limit, Math.max(...Object.values(over)))
      if (limit === 1) {
        const { incoming, outgoing, answers } = state
        const sizes = Object.entries(sizesOf({ incoming, outgoing, answers }))
        return {
          most,
          left: Object.fromEntries(
            sizes.map(([name, size]) => [name, size - Math.min(1, over[name as keyof typeof over])]),
          ),
        }
      }
      return {
        most,
        left: {
          incoming: idsIn(state.incoming.filter((row) => !isOver(row))),
          outgoing: idsIn(state.outgoing.filter((row) => !isOver(row))),
          answers: keysIn(state.answers.filter((row) => !isOld(row))),
        },
      }
    },
  }),
  form('what of the trail and of the acts is old is forgotten', {
    isOfService: true,
    question: (state, chance) => ({
      // Also the very age of what is there.
      olderThanMs: chance.one([
        ...[0, 1, 3_600_000 * 100],
        ...[...state.trail, ...state.acts].map(({ at }) => Math.max(0, state.now - at)),
      ]),
      limit: chance.one([1, 3, 100]),
    }),
    async ask({ ports, rows }, what) {
      const trail = await ports.trail.forget(what)
      const acts = await ports.acts.forget(what)
      const [users, left] = [await rows('actUsers'), await rows('acts')]
      return {
        trail,
        acts,
        users: users.length,
        left: [await rows('trail'), left].map((all) => all.map(({ id }) => id)),
      }
    },
    expected(state, { olderThanMs, limit }) {
      const oldest = (rows: readonly { at: number; id: number }[], most: number): number[] =>
        rows
          .filter(({ at }) => at < state.now + state.micros / 1000 - olderThanMs)
          .sort((a, b) => a.at - b.at || a.id - b.id)
          .slice(0, most)
          .map(({ id }) => id)
      const records = oldest(state.trail, limit)
      const old = oldest(state.acts, limit)
      const users = Math.min(limit, state.actUsers.filter((row) => old.includes(row.act_id)).length)
      // Acts go after all of their users.
      const acts = users === limit ? [] : oldest(state.acts, limit - users)
      const left = (rows: readonly { id: number }[], gone: readonly number[]): number[] =>
        rows.map(({ id }) => id).filter((id) => !gone.includes(id))
      return {
        trail: records.length,
        acts: users + acts.length,
        users: state.actUsers.length - users,
        left: [left(state.trail, records), left(state.acts, acts)],
      }
    },
  }),
]

/** Of the ends of edges and of views, each apart, so many that came first, and any that came at the same moment. */
function longestEnded(state: State, limit: number): string[] {
  const first = (endOf: (row: State['pairs'][number]) => number | null): string[] => {
    const ended = state.pairs.flatMap((row) => {
      const at = endOf(row)
      return at !== null && at <= state.now ? [{ at, pair: `${row.watcher_id} -> ${row.presentity_id}` }] : []
    })
    const last = ended.map(({ at }) => at).sort((a, b) => a - b)[Math.min(limit, ended.length) - 1] ?? 0
    return ended.filter(({ at }) => at <= last).map(({ pair }) => pair)
  }
  const edges = first((row) => (row.edge_state === 'BLOCKED' ? null : row.edge_ends_at))
  return [...new Set([...edges, ...first((row) => row.view_ends_at)])]
}

/** Every edge that was there ends, and the trail says so: of one that had ended before, that it had. */
function endedRecord(
  state: State,
  row: State['pairs'][number],
  { renamed, actor }: { renamed: (id: string) => string; actor: { kind: string; id: string } },
): string[] {
  if (row.edge_state === 'NONE') return []
  const mayEnd = row.edge_state !== 'BLOCKED'
  const hasEnded = mayEnd && row.edge_ends_at !== null && row.edge_ends_at <= state.now
  const blocksAgain = row.edge_state === 'ALLOWED' && row.replaced_block
  const of = { presentity_id: renamed(row.presentity_id), watcher_id: renamed(row.watcher_id) }
  const rest = { state_after: 'NONE', reaches_presentity: true }
  if (hasEnded && !blocksAgain) {
    const cause = row.edge_state === 'PENDING' ? 'EXPIRED' : 'GRANT_ENDED'
    const policy = { actor_kind: 'POLICY', actor_id: null, ended_state: null, ended_at: null }
    return [inOrder({ ...of, ...rest, ...policy, at: row.edge_ends_at, cause, state_before: row.edge_state })]
  }
  const ended = hasEnded
    ? { ended_state: 'ALLOWED', ended_at: row.edge_ends_at }
    : { ended_state: null, ended_at: null }
  const by = { actor_kind: actor.kind, actor_id: renamed(actor.id) }
  const before = { state_before: hasEnded ? 'BLOCKED' : row.edge_state }
  return [inOrder({ ...of, ...rest, ...by, ...ended, ...before, at: state.now, cause: 'ERASED' })]
}

function inOrder(row: object): string {
  return JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function idsIn(rows: readonly { readonly id: string }[]): string[] {
  return rows.map(({ id }) => id).sort()
}

function statesIn(rows: readonly { readonly id: string; readonly state: string }[]): string[] {
  return rows.map(({ id, state }) => `${id} ${state}`).sort()
}

function keysIn(rows: readonly { readonly presentity_id: string; readonly client_key: string }[]): string[] {
  return rows.map((row) => `${row.presentity_id} ${row.client_key}`).sort()
}

function sizesOf(rows: Readonly<Record<string, readonly unknown[]>>): Record<string, number> {
  return Object.fromEntries(Object.entries(rows).map(([name, { length }]) => [name, length]))
}
