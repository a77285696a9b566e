import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Logger } from './log.ts'

const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/

/** What lines of the log carry of a request: its id and, if a trace reaches us, that trace (W3C Trace Context). */
export type RequestScope = {
  readonly requestId: string
  readonly traceId?: string | undefined
  readonly parentId?: string | undefined
}

/** The id that a request came with, if it is one that we would write into a log, or a new one. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
}

export function scopeOf(requestId: string, headers: IncomingHttpHeaders): RequestScope {
  const [, traceId, parentId] = TRACEPARENT.exec(String(headers['traceparent'])) ?? []
  return { requestId, ...(traceId !== undefined && { traceId, parentId }) }
}

/** A log whose lines carry the request. */
export function logOfRequest(log: Logger, requestId: string, headers: IncomingHttpHeaders): Logger {
  return log.child(scopeOf(requestId, headers))
}
