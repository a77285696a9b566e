import { destination, pino, type DestinationStream, type Logger } from 'pino'
import { readableLines } from './readable-lines.ts'

export type { Logger } from 'pino'

/**
 * The log: one JSON object a line on standard output, or lines for a person.
 *
 * What must not be in it cannot get into it: callers give named facts, never objects of requests, operations or the database, and
 * of an error only those parts are written that hold no data.
 */
export function createLog(options: {
  readonly level: string
  readonly readable: boolean
  /** Default: standard output. */
  readonly out?: DestinationStream
}): Logger {
  const { level, readable, out = standardOutput() } = options
  return pino({ level, base: null, serializers: { err: describeError } }, readable ? linesFor(out) : out)
}

/** A write for each line would be a good part of the cost of reading one user's presence. */
const LINES_TOGETHER = { minLength: 4096, periodicFlush: 100 } as const

let shared: DestinationStream | undefined

/** Lines go out together, a tenth of a second late at most, and the last ones when the process ends. */
function standardOutput(): DestinationStream {
  if (shared !== undefined) return shared
  const out = destination({ dest: 1, sync: true, ...LINES_TOGETHER })
  process.once('exit', () => {
    out.flushSync()
  })
  shared = out
  return out
}

function linesFor(out: DestinationStream): DestinationStream {
  return {
    write: (line) => {
      out.write(readableLines(line))
    },
  }
}

/** How deep the causes of an error are followed. */
const MAX_CAUSES = 4

type ErrorDescription = {
  readonly type: string
  readonly code?: string
  readonly constraint?: string
  readonly message?: string
  readonly stack?: string
  readonly cause?: ErrorDescription
}

/**
 * An error without what may hold data: the database quotes values, ids of users among them, in its messages and details, and the
 * ORM keeps statement and parameters. Of those errors the code, the constraint and the place remain.
 */
function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error }
  const { code, constraint, severity, driverError } = error as Error &
    Partial<Record<'code' | 'constraint' | 'severity' | 'driverError', unknown>>
  const ofDatabase = severity !== undefined || driverError !== undefined
  const [, ...frames] = (error.stack ?? '').split(/\n(?=\s+at )/)
  const cause: unknown = error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined)
  return {
    type: error.name,
    ...(typeof code === 'string' && { code }),
    ...(typeof constraint === 'string' && { constraint }),
    ...(!ofDatabase && { message: withoutSecrets(error.message) }),
    ...(frames.length > 0 && { stack: frames.map((frame) => frame.trim()).join('\n') }),
    ...(cause !== undefined && depth < MAX_CAUSES && { cause: describeError(cause, depth + 1) }),
  }
}

const ADDRESS = /\b[a-z][a-z0-9+.-]*:\/\/\S+/gi
const TOKEN = /\beyJ[\w-]+\.[\w.-]+/g
const MAX_MESSAGE_LENGTH = 500

/** A second lock: no message that we know of holds a URL or a token. */
function withoutSecrets(message: string): string {
  return message.slice(0, MAX_MESSAGE_LENGTH).replace(ADDRESS, '[address]').replace(TOKEN, '[token]')
}
