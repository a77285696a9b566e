import { erased } from './erased-users.ts'

/**
 * Stands in every statement that decides or shows anything, as a condition of its own: `where ${PROVEN} and …`. `prove` puts the proof in its place.
 */
export const PROVEN = ':proven'

/** SQLSTATEs of our own, in a class that neither SQL nor PostgreSQL uses. */
export const NOT_THE_PRIMARY = 'PP001'
export const CALLER_ERASED = 'PP002'

/**
 * Fails the statement unless its server is the primary and its caller was not erased; both as of the statement's own snapshot. A transaction is read-only
 * from its start on if its server was in recovery then, so it tells of the snapshot even if the server is promoted meanwhile. The planner evaluates the
 * condition once, before it reads anything else. Without a caller (null), what is compared with is null, and nobody was erased.
 */
function proofFor(caller: string, wrongServer: string | null): string {
  return `(select case
    when current_setting('transaction_read_only') = 'on'
      then presence_privacy.refuse('${NOT_THE_PRIMARY}', 'this server is not the primary')${wrongServer === null ? '' : refuseIf(wrongServer)}
    when exists (${erased(caller)})
      then presence_privacy.refuse('${CALLER_ERASED}', 'the caller was erased')
    else true end)`
}

function refuseIf(wrongServer: string): string {
  return `
    when ${wrongServer}
      then presence_privacy.refuse('${NOT_THE_PRIMARY}', 'this server is not the one that was found')`
}

/** A proven statement, and whether it takes its caller as its last parameter. */
type Proven = { readonly text: string; readonly takesCaller: boolean }

const proven = new Map<string, Proven>()

/**
 * `wrongServer` is an SQL condition that is true on a wrong server; null where the connection has proved its server.
 *
 * @throws Error for a statement that reads our tables without `PROVEN`
 */
export function prove(sql: string, parameters: number, wrongServer: string | null): Proven {
  const key = wrongServer === null ? sql : `${wrongServer} ${sql}`
  let known = proven.get(key)
  if (known === undefined) {
    if (!isProvenOrNeedsNoProof(sql))
      throw new Error(`a statement proves nothing: put PROVEN into ${nameIn(sql)}`)
    const takesCaller = sql.includes(PROVEN)
    const text = takesCaller
      ? sql.replaceAll(PROVEN, proofFor(`$${String(parameters + 1)}`, wrongServer))
      : sql
    // Only our own texts are remembered: constants, and those of the audit's filters, of which there are a few dozen; anew after a failover behind a pooler.
    proven.set(key, (known = { text, takesCaller }))
  }
  return known
}

const READS = /\b(from|join)\s+presence_privacy\./
/** A standby refuses these itself. That the caller was not erased is proved by what their transaction reads. */
const WRITES_OR_LOCKS =
  /\b(insert into|update|delete from)\s+presence_privacy\.|\bfor (no key )?update\b|\bfor key share\b/

function isProvenOrNeedsNoProof(sql: string): boolean {
  return (
    sql.includes(PROVEN) || sql.includes(NOT_THE_PRIMARY) || !READS.test(sql) || WRITES_OR_LOCKS.test(sql)
  )
}

function nameIn(sql: string): string {
  return /^\s*\/\* ([\w.]+) \*\//.exec(sql)?.[1] ?? 'one without a name'
}
