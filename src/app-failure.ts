import { UnfitServer } from './application/unfit-server.ts'
import { WrongServer } from './application/wrong-server.ts'

/** Something that the service needs is not there now; a supervisor may well try again. (sysexits: EX_UNAVAILABLE) */
export const EXIT_UNAVAILABLE = 69
/** A fault of ours. (EX_SOFTWARE) */
export const EXIT_SOFTWARE = 70
/** A person has to change a setting first. (EX_CONFIG) */
export const EXIT_CONFIG = 78

/** Why the service cannot start or go on, in words for whoever runs it; they hold neither values of settings nor data. */
export class AppFailure extends Error {
  override readonly name = 'AppFailure'
  readonly exitCode: number

  constructor(exitCode: typeof EXIT_UNAVAILABLE | typeof EXIT_CONFIG, message: string, cause?: unknown) {
    super(message, { cause })
    this.exitCode = exitCode
  }
}

/** The schema is older than this code, and MIGRATE=check forbids to change it. */
export function pendingMigrationsFailure(names: readonly string[]): AppFailure {
  return new AppFailure(
    EXIT_UNAVAILABLE,
    `The database lacks ${names.join(', ')}. MIGRATE=check does not migrate: start once with MIGRATE=auto, or migrate before the start.`,
  )
}

/** What an operator can do about what the driver or PostgreSQL says: by SQLSTATE, or by the code of the socket. */
const ADVICE: readonly (readonly [codes: RegExp, advice: string])[] = [
  [
    /^28/,
    'The server refuses the user or the password. Percent-encode special characters of both in the address.',
  ],
  [/^42704/, 'The server does not know a setting of PostgreSQL 15. Use PostgreSQL 15 or later.'],
  [/^3D000/, 'There is no such database. Create it, with the encoding UTF8.'],
  [
    /^42501/,
    'The role lacks a right. It needs CONNECT and CREATE on the database to migrate, and all rights on the schema presence_privacy.',
  ],
  [
    /^08P01/,
    'The other end refused the connection, as a pooler does. If its message names a startup parameter, set DATABASE_POOLER=transaction and DATABASE_DIRECT_URL. Otherwise its message says what is wrong with its server.',
  ],
  [
    /^53300/,
    'The server has no connection left for this role. Lower DATABASE_POOL_SIZE or the number of instances, or raise max_connections.',
  ],
  [/^53100/, 'The disk of the server is full.'],
  [/^25006/, 'The server takes no writes: it is a standby, or default_transaction_read_only is on.'],
  [/^57P0/, 'The server is starting or stopping.'],
  [/^55P03/, 'Somebody else holds a lock that a migration needs.'],
  [/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH)$/, 'Nothing answers there. Check host and port.'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'The name of its host is not known here.'],
  [
    /CERT|^ERR_TLS|^ERR_SSL|SIGNATURE/,
    'Its certificate is not trusted here. Name the authority with sslrootcert in the address.',
  ],
]

/** @param server Whether its address was given, or it is the embedded one, which no setting names. */
export function databaseFailure(cause: unknown, server: 'external' | 'embedded' = 'external'): AppFailure {
  const name =
    server === 'embedded'
      ? 'The embedded database'
      : 'The database that DATABASE_URL names (for LISTEN and migrations: DATABASE_DIRECT_URL)'
  if (cause instanceof UnfitServer) {
    return new AppFailure(EXIT_CONFIG, [`${name} cannot be used:`, ...cause.faults].join('\n  '), cause)
  }
  if (cause instanceof WrongServer) {
    return new AppFailure(EXIT_UNAVAILABLE, `${name} cannot be used: its server ${cause.why}.`, cause)
  }
  const code = codeIn(cause)
  const [, advice] = ADVICE.find(([codes]) => codes.test(code)) ?? [null, '']
  return new AppFailure(
    EXIT_UNAVAILABLE,
    `${name} cannot be used${code && ` (${code})`}.${advice && ` ${advice}`}`,
    cause,
  )
}

/** What keeps a server from listening, if that is a matter of settings. */
export function listenFailure(
  error: unknown,
  { host, port }: { readonly host: string; readonly port: number },
  names = { host: 'HOST', port: 'PORT' },
): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new AppFailure(
        EXIT_CONFIG,
        `Port ${String(port)} of ${host} is taken by another program. Set ${names.port} to another one; 0 takes any that is free.`,
        error,
      )
    case 'EACCES':
      return new AppFailure(
        EXIT_CONFIG,
        `Port ${String(port)} is not ours to listen on. Set ${names.port} to 1024 or more.`,
        error,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new AppFailure(
        EXIT_CONFIG,
        `${names.host} is ${host}, which is no address of this machine. Set it to 127.0.0.1 or ::.`,
        error,
      )
    default:
      return error
  }
}

/** `ECONNREFUSED`, an SQLSTATE, or the like: the first that the chain of causes holds. */
function codeIn(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const { code } = error as { code?: unknown }
  return typeof code === 'string'
    ? code
    : codeIn(error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined))
}
