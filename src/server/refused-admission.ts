import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Refusal } from './admission/ticket.ts'

/** Gateways and proxies that do not know the codes of errors know these, and `Retry-After`. */
const STATUS = { TOO_MANY_REQUESTS: 429, OVERLOADED: 503 } as const
/** A request that is larger is not kept while its client rests: its connection ends instead. */
const MAX_RESTING_BYTES = 100_000

/** Puts a reply into the form of a refusal by admission. */
export function asRefused(reply: FastifyReply, { code, retryAfterSeconds }: Refusal): FastifyReply {
  return reply.code(STATUS[code]).header('retry-after', String(retryAfterSeconds))
}

/** A client that floods gets its answer late: until then its connection carries nothing else. */
export async function restBefore(
  reply: FastifyReply,
  { restMs, request }: { readonly restMs: number; readonly request: FastifyRequest },
): Promise<void> {
  if (restMs === 0) return
  if (Number(request.headers['content-length'] ?? Infinity) > MAX_RESTING_BYTES) {
    void reply.header('connection', 'close')
    return
  }
  await new Promise((resolve) => setTimeout(resolve, restMs))
}
