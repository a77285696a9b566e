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

export function databaseFailure(cause: unknown): AppFailure {
  const why = codeIn(cause)
  return new AppFailure(
    EXIT_UNAVAILABLE,
    `The database that DATABASE_URL names (for LISTEN and migrations: DATABASE_DIRECT_URL) cannot be used${why && ` (${why})`}.`,
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
