/**
 * The session settings that our statements rely on. PostgreSQL takes their defaults from its configuration, the database, the role
 * and the client's environment; each of these can change what a statement means. Every connection of ours therefore sets them all in
 * its start-up packet, which outranks the other places and costs no round trip.
 *
 * `behindPooler` says what holds for a pooler in transaction mode, which refuses most start-up parameters. `sent`: every pooler
 * carries it, as other drivers send it too. `required`: the role must have this value. `free`: another value is slower or noisier, and
 * answers stay right.
 *
 * `default_transaction_read_only` is not here: operators and hosts of databases set it to take a database out of service, and we obey.
 */
type SessionSetting = {
  /** As `current_setting` writes it. */
  readonly value: string
  readonly why: string
  readonly behindPooler: 'sent' | 'required' | 'free'
}

const SETTINGS = {
  DateStyle: {
    value: 'ISO, MDY',
    why: 'Times are read in this style; in another one every row with a time fails.',
    behindPooler: 'sent',
  },
  IntervalStyle: { value: 'postgres', why: 'The same for intervals.', behindPooler: 'required' },
  TimeZone: {
    value: 'UTC',
    why: 'A day is 23 or 25 hours long where clocks change, and times in JSON carry the offset.',
    behindPooler: 'sent',
  },
  extra_float_digits: {
    value: '1',
    why: 'Below 1, numbers are rounded on their way to us.',
    behindPooler: 'required',
  },
  bytea_output: { value: 'hex', why: 'Digests and moments are read in this form.', behindPooler: 'required' },
  array_nulls: {
    value: 'on',
    why: 'Columns travel as arrays with nulls in them; off makes each of them the text "NULL".',
    behindPooler: 'required',
  },
  standard_conforming_strings: {
    value: 'on',
    why: 'A backslash in a literal is a backslash.',
    behindPooler: 'required',
  },
  transform_null_equals: {
    value: 'off',
    why: 'A comparison with null is unknown, and denies.',
    behindPooler: 'required',
  },
  search_path: {
    value: 'pg_catalog, pg_temp',
    why: 'Statements name our schema; nothing in another one can take the place of now() or of an operator.',
    behindPooler: 'free',
  },
  default_transaction_isolation: {
    value: 'read committed',
    why: 'Changes wait for locks and then read what is committed; at any other level most of those who meet fail.',
    behindPooler: 'required',
  },
  default_transaction_deferrable: {
    value: 'off',
    why: 'No transaction waits for a safe snapshot.',
    behindPooler: 'required',
  },
  row_security: {
    value: 'off',
    why: 'A policy that hides rows makes the statement fail; a block that is not seen would show a user.',
    behindPooler: 'free',
  },
  gin_fuzzy_search_limit: {
    value: '0',
    why: 'Above 0, a search by a GIN index leaves rows out: an erasure would leave some of them behind.',
    behindPooler: 'required',
  },
  idle_session_timeout: {
    value: '0',
    why: 'It would end connections that wait for work, and the one that listens.',
    behindPooler: 'free',
  },
  exit_on_error: {
    value: 'off',
    why: 'A lock that was not granted in time would end the connection, with what others run on it.',
    behindPooler: 'required',
  },
  jit: {
    value: 'off',
    why: 'Compiling takes up to seconds, for milliseconds of work.',
    behindPooler: 'free',
  },
  enable_indexscan: { value: 'on', why: 'Statements are written for these plans.', behindPooler: 'free' },
  enable_indexonlyscan: { value: 'on', why: 'The same.', behindPooler: 'free' },
  enable_bitmapscan: { value: 'on', why: 'The same.', behindPooler: 'free' },
  enable_nestloop: { value: 'on', why: 'The same.', behindPooler: 'free' },
  client_min_messages: { value: 'warning', why: 'Nobody here reads what is below.', behindPooler: 'free' },
  log_parameter_max_length_on_error: {
    value: '0',
    why: 'Otherwise an error carries the parameters, which are ids of users, into our log.',
    behindPooler: 'free',
  },
} as const satisfies Record<string, SessionSetting>

export type SettingName = keyof typeof SETTINGS

export const SESSION_SETTINGS: Readonly<Record<SettingName, SessionSetting>> = SETTINGS

const NAMES = Object.keys(SETTINGS) as SettingName[]

/** How long a connection's statements may take; 0 is as long as they need. */
export type Timeouts = {
  readonly statementTimeoutMs: number
  readonly lockTimeoutMs: number
}

/** What the start-up packet of a connection sets. */
export function startupSettings(session: {
  readonly pooler: 'none' | 'transaction'
  readonly timeouts: Timeouts
  /** `force_generic_plan` for statements that are made for being planned once. */
  readonly planCacheMode: 'auto' | 'force_generic_plan'
}): Readonly<Record<string, string>> {
  if (session.pooler === 'transaction') {
    return valuesOf(NAMES.filter((name) => SESSION_SETTINGS[name].behindPooler === 'sent'))
  }
  const { statementTimeoutMs, lockTimeoutMs } = session.timeouts
  return {
    ...valuesOf(NAMES),
    plan_cache_mode: session.planCacheMode,
    statement_timeout: String(statementTimeoutMs),
    lock_timeout: String(lockTimeoutMs),
    idle_in_transaction_session_timeout: String(statementTimeoutMs * 2),
  }
}

function valuesOf(names: readonly SettingName[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, SESSION_SETTINGS[name].value]))
}

/**
 * What a start-up packet cannot set, in one statement after it:
 * - `synchronous_commit` becomes `local` where it is `off`, and otherwise keeps what it is: what was acknowledged survives a crash,
 *   and nobody gets less durability than the operator has set. It is set in any case, so that a reload cannot turn it off later.
 * - `transaction_timeout` exists from PostgreSQL 17 on; an older server refuses a start-up packet that names it.
 */
export const COMPLETE_SESSION = `/* completeSession */
  select
    set_config(
      'synchronous_commit',
      case current_setting('synchronous_commit') when 'off' then 'local' else current_setting('synchronous_commit') end,
      false),
    case when current_setting('transaction_timeout', true) is not null
      then set_config('transaction_timeout', '0', false) end`
