import { UserErased } from '../../src/application/ports.ts'
import type { ChangeScope, PrivacyStore, Snapshot, Writes } from '../../src/application/privacy-store.ts'
import { NO_PAIR, type Pair } from '../../src/domain/pair.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { writeTrail } from './memory-trail.ts'
import { pairKey, userOf, userRow, type MemoryTables, type PairRow } from './memory-tables.ts'

const ANSWERS_KEPT_MS = 7 * 24 * 3_600_000

/** The permissions in memory. A change runs from its first read to its last write without a pause, so one after another. */
export function memoryPrivacyStore(
  tables: MemoryTables,
  signal: (users: readonly UserId[]) => void,
): PrivacyStore {
  return {
    async change(scope, decide) {
      await Promise.resolve()
      if (tables.erased.has(scope.by)) throw new UserErased(scope.by)
      if (scope.actor && tables.erased.has(scope.actor.id)) throw new UserErased()
      const { writes, result } = decide(snapshotOf(tables, scope))
      write(tables, scope.by, writes)
      const isMade = (id: UserId) => !(scope.othersFound === true && tables.erased.has(id))
      const touched = [scope.by, ...scope.others.filter(isMade)]
      for (const id of touched) tables.users.set(id, userRow(tables, id))
      tables.revisions.raise(
        touched.filter(
          (id) => id === scope.by || scope.kind === 'REQUEST' || !tables.revisions.users.has(id),
        ),
      )
      signal(writes.signal)
      return result
    },

    async claimKey({ by, clientKey, fingerprint }) {
      await Promise.resolve()
      if (tables.erased.has(by)) throw new UserErased()
      const stored = tables.answers.get(`${by}\u0000${clientKey}`)
      if (stored !== undefined) return stored.fingerprint === fingerprint
      const result = { outcomes: [], contacts: [], alwaysAcceptRefused: null }
      storeAnswer(tables, by, { clientKey, fingerprint, result })
      return true
    },

    async watchersOf({ presentity, ids }) {
      await Promise.resolve()
      const found = ids.map((id) => tables.incoming.get(id)).filter((row) => row?.presentity === presentity)
      return [...new Set(found.map((row) => row!.watcher))]
    },

    async presentitiesOf({ watcher, ids }) {
      await Promise.resolve()
      const found = ids.map((id) => tables.outgoing.get(id)).filter((row) => row?.watcher === watcher)
      return [...new Set(found.map((row) => row!.presentity))]
    },
  }
}

function snapshotOf(tables: MemoryTables, scope: ChangeScope): Snapshot {
  const { by } = scope
  const locked = new Set([by, ...scope.others])
  const incoming = (scope.incoming ?? []).flatMap((id) => {
    const row = tables.incoming.get(id)
    return row?.presentity === by ? [[id, { watcher: row.watcher, item: row.item }] as const] : []
  })
  const outgoing = (scope.outgoing ?? []).flatMap((id) => {
    const row = tables.outgoing.get(id)
    return row?.watcher === by ? [[id, { presentity: row.presentity, request: row.request }] as const] : []
  })
  const stored =
    scope.clientKey === undefined ? undefined : tables.answers.get(`${by}\u0000${scope.clientKey}`)
  return {
    now: tables.clock.now(),
    user(id) {
      if (!locked.has(id)) throw new Error('a change looks at a user whom it has not locked')
      return userOf(tables, id)
    },
    pair(of) {
      const isOwn = of.presentity === by ? of.watcher !== by : of.watcher === by
      if (!isOwn || !locked.has(of.presentity) || !locked.has(of.watcher)) {
        throw new Error('a change looks at a pair that it has not locked')
      }
      return pairOf(tables, tables.pairs.get(pairKey(of)))
    },
    incoming: new Map(incoming),
    outgoing: new Map(outgoing),
    contactCount: [...tables.pairs.values()].filter((row) => row.watcher === by && row.contactSince !== null)
      .length,
    requestCounts: userRow(tables, by).requestCounts,
    storedAnswer: stored === undefined ? null : { fingerprint: stored.fingerprint, result: stored.result },
  }
}

function pairOf(tables: MemoryTables, row: PairRow | undefined): Pair {
  if (row === undefined) return NO_PAIR
  const { edge, view, contactSince, watcherBlocksFrom, incomingId, outgoingId } = row
  return {
    edge,
    view,
    contactSince,
    watcherBlocksFrom,
    incoming: incomingId === null ? null : (tables.incoming.get(incomingId)?.item ?? null),
    outgoing: outgoingId === null ? null : (tables.outgoing.get(outgoingId)?.request ?? null),
  }
}

function write(tables: MemoryTables, by: UserId, writes: Writes): void {
  // First, as this is all that can fail.
  if (writes.answer !== null) storeAnswer(tables, by, writes.answer)
  for (const { presentity, watcher, pair } of writes.pairs) {
    const { incoming, outgoing, ...facts } = pair
    if (incoming !== null) writeIncoming(tables, { presentity, watcher, item: incoming })
    if (outgoing !== null) writeOutgoing(tables, { presentity, watcher, request: outgoing })
    const ids = { incomingId: incoming?.id ?? null, outgoingId: outgoing?.id ?? null }
    tables.pairs.set(pairKey({ presentity, watcher }), { presentity, watcher, ...facts, ...ids })
  }
  for (const item of writes.incoming) writeIncoming(tables, item)
  for (const record of writes.trail) writeTrail(tables, record)
  if (writes.requestCounts !== null) {
    tables.users.set(by, { ...userRow(tables, by), requestCounts: writes.requestCounts })
  }
  if (writes.preference !== null) {
    tables.users.set(by, { ...userRow(tables, by), preference: writes.preference })
  }
}

/** Of an item that is there already, only what became of it and its reasons can change. */
function writeIncoming(
  tables: MemoryTables,
  { presentity, watcher, item }: Writes['incoming'][number],
): void {
  const before = tables.incoming.get(item.id)
  const { state, triggers } = item
  tables.incoming.set(
    item.id,
    before === undefined
      ? { presentity, watcher, item }
      : { ...before, item: { ...before.item, state, triggers } },
  )
}

function writeOutgoing(
  tables: MemoryTables,
  row: MemoryTables['outgoing'] extends Map<string, infer Row> ? Row : never,
): void {
  const before = tables.outgoing.get(row.request.id)
  const { state, triggers } = row.request
  tables.outgoing.set(
    row.request.id,
    before === undefined ? row : { ...before, request: { ...before.request, state, triggers } },
  )
}

function storeAnswer(
  tables: MemoryTables,
  presentity: UserId,
  { clientKey, fingerprint, result }: NonNullable<Writes['answer']>,
): void {
  const now = tables.clock.now()
  const stored = JSON.parse(JSON.stringify(result)) as typeof result
  for (const [key, answer] of tables.answers) {
    if (answer.presentity === presentity && answer.answeredAt < now - ANSWERS_KEPT_MS)
      tables.answers.delete(key)
  }
  tables.answers.set(`${presentity}\u0000${clientKey}`, {
    presentity,
    fingerprint,
    result: stored,
    answeredAt: now,
  })
}
