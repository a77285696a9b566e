import { Misconfigured, StorageFault, Unavailable, UserErased } from '../application/ports.ts'
import { CALLER_ERASED, NOT_THE_PRIMARY } from './proof.ts'

/**
 * What becomes of an operation whose statement fails:
 * - `UNAVAILABLE`: the server, or this connection to it, cannot do it now. A client may repeat the same.
 * - `CONFLICT`: two transactions met, and the server undid this one whole. We repeat it ourselves, a few times; then it is unavailable.
 * - `MISCONFIGURED`: the database is not as it has to be. Repeating helps only after the operator has acted.
 * - `FAULT`: a statement of ours cannot work. Repeating never helps.
 */
type Kind = 'UNAVAILABLE' | 'CONFLICT' | 'MISCONFIGURED' | 'FAULT'

type Entry = readonly [sqlState: string, kind: Kind, reason: string]

/** SQLSTATEs, and classes of them as their first two characters. The longest that fits counts; what fits none is a fault. */
const SQL_STATES: readonly Entry[] = [
  ['08', 'UNAVAILABLE', 'the connection failed'],
  [
    '0A000',
    'MISCONFIGURED',
    'this server lacks a feature, or a migration has changed what a prepared statement returns',
  ],
  ['21', 'FAULT', 'a statement found more rows than there can be'],
  ['22', 'FAULT', 'a value of a wrong form: a division by zero, a number out of range'],
  ['22021', 'MISCONFIGURED', 'the encoding of the database, or of this connection, is not UTF8'],
  ['22P05', 'MISCONFIGURED', 'the encoding of the database cannot hold the text'],
  ['23', 'FAULT', 'a constraint is violated'],
  ['25006', 'UNAVAILABLE', 'the server only reads: it is a standby, or its operator holds it'],
  ['25P03', 'UNAVAILABLE', 'the transaction waited for us for too long'],
  ['25P04', 'UNAVAILABLE', 'the transaction took too long'],
  [
    '26000',
    'MISCONFIGURED',
    'a pooler has handed this connection to others: DATABASE_POOLER does not say so',
  ],
  ['28', 'MISCONFIGURED', 'the role or its password is not accepted'],
  ['3D000', 'MISCONFIGURED', 'there is no such database'],
  ['3F000', 'MISCONFIGURED', 'there is no such schema: migrations are missing'],
  ['40001', 'CONFLICT', 'it cannot be serialised with another transaction'],
  ['40003', 'UNAVAILABLE', 'nobody knows whether the statement was completed'],
  ['40P01', 'CONFLICT', 'a deadlock with another transaction'],
  ['42', 'FAULT', 'the statement is no SQL'],
  ['42501', 'MISCONFIGURED', 'the role lacks a right'],
  ['42703', 'MISCONFIGURED', 'a column is missing: migrations are'],
  ['42704', 'MISCONFIGURED', 'a type, role or setting is missing: migrations are, or the server is too old'],
  ['42883', 'MISCONFIGURED', 'a function is missing: migrations are, or the server is too old'],
  ['42P01', 'MISCONFIGURED', 'a table is missing: migrations are'],
  [
    '42P05',
    'MISCONFIGURED',
    'a pooler has handed this connection to others: DATABASE_POOLER does not say so',
  ],
  ['53', 'UNAVAILABLE', 'the server is short of connections, memory or room on its disk'],
  ['55000', 'UNAVAILABLE', 'the database takes no connections now'],
  ['55006', 'UNAVAILABLE', 'somebody uses the database alone'],
  ['55P03', 'UNAVAILABLE', 'a lock was not to be had in time'],
  ['57', 'UNAVAILABLE', 'an operator, or a timeout, ended the statement or the connection'],
  ['58', 'UNAVAILABLE', 'the disk of the server fails'],
  ['72000', 'UNAVAILABLE', 'the snapshot has become too old'],
  ['F0', 'MISCONFIGURED', 'the configuration file of the server is faulty'],
  [NOT_THE_PRIMARY, 'UNAVAILABLE', 'the statement has found itself on a standby'],
  ['XX', 'FAULT', 'an internal error of the server'],
  ['XX001', 'MISCONFIGURED', 'stored data are damaged'],
  ['XX002', 'MISCONFIGURED', 'an index is damaged'],
]

const KINDS: ReadonlyMap<string, Kind> = new Map(SQL_STATES.map(([sqlState, kind]) => [sqlState, kind]))

/** Part of the message with which pgbouncer refuses a setting. It has no other sign: pgbouncer tells a lost server by 08P01 as well. */
const REFUSED_SETTINGS = 'startup parameter'

/** Codes of node for TLS that cannot be agreed on. */
const TLS_CODE = /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH)/

const SQL_STATE = /^[0-9A-Z]{5}$/

/** Of ports, so that nobody above has to know PostgreSQL. Errors that have a name already keep it. */
export function storageError(error: unknown): Error {
  if (codeOf(error) === CALLER_ERASED) return new UserErased()
  if (error instanceof Unavailable || error instanceof Misconfigured || error instanceof StorageFault)
    return error
  switch (kindOf(error)) {
    case 'UNAVAILABLE':
    case 'CONFLICT':
      return new Unavailable(error)
    case 'MISCONFIGURED':
      return new Misconfigured(error)
    case 'FAULT':
      return new StorageFault(error)
  }
}

export function kindOf(error: unknown): Kind {
  const code = codeOf(error)
  if (code === undefined) return kindWithoutCode(error)
  if (TLS_CODE.test(code)) return 'MISCONFIGURED'
  // ECONNREFUSED and its like: codes of the operating system are about the connection.
  if (!isSqlState(error, code)) return 'UNAVAILABLE'
  if (code === '08P01') return kindOfViolation(error)
  return KINDS.get(code) ?? KINDS.get(code.slice(0, 2)) ?? 'FAULT'
}

/** A violation of the protocol. PostgreSQL names the routine that found it, and found a fault of ours; a pooler names none. */
function kindOfViolation(error: unknown): Kind {
  const { routine } = rootOf(error) as { routine?: unknown }
  if (typeof routine === 'string') return 'FAULT'
  return messageOf(error).includes(REFUSED_SETTINGS) ? 'MISCONFIGURED' : 'UNAVAILABLE'
}

/** What pg and TypeORM say without a code is about the connection; what the language says is about our code. */
function kindWithoutCode(error: unknown): Kind {
  const root = rootOf(error)
  if (!(root instanceof Error)) return 'FAULT'
  if (root.message.startsWith('SASL') || root.message.includes('does not support SSL')) return 'MISCONFIGURED'
  return ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'].includes(root.name)
    ? 'FAULT'
    : 'UNAVAILABLE'
}

/** Whether it is the server that says so: its errors have a severity, and TypeORM keeps them as `driverError`. */
function isSqlState(error: unknown, code: string): boolean {
  const { severity } = rootOf(error) as { severity?: unknown }
  return typeof severity === 'string' && SQL_STATE.test(code)
}

export function codeOf(error: unknown): string | undefined {
  const { code } = rootOf(error) as { code?: unknown }
  return typeof code === 'string' ? code : undefined
}

function messageOf(error: unknown): string {
  const { message } = rootOf(error) as { message?: unknown }
  return typeof message === 'string' ? message : ''
}

function rootOf(error: unknown): object {
  if (typeof error !== 'object' || error === null) return {}
  const { driverError } = error as { driverError?: unknown }
  return typeof driverError === 'object' && driverError !== null ? driverError : error
}

/** Names what a step that uses the connection fails with. */
export async function reach<Result>(step: () => Promise<Result>): Promise<Result> {
  try {
    return await step()
  } catch (error) {
    throw storageError(error)
  }
}
