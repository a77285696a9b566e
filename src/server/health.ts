import type { FastifyInstance } from 'fastify'

/** What an instance needs in order to serve, and whether it has it now. */
export type Readiness = { readonly database: boolean; readonly signals: boolean }

export type HealthOptions = {
  /** The last known state. Reading it costs nothing, so probes cannot make the database work. */
  readonly readiness: () => Readiness
  readonly isStopping: () => boolean
}

/**
 * `/health/live` says that the process runs; `/health/ready` that requests may be sent to it: the database takes writes, signals
 * arrive, and it is not about to stop.
 */
export function serveHealth(http: FastifyInstance, { readiness, isStopping }: HealthOptions): void {
  http.get('/health/live', () => ({ status: 'live' }))
  http.get('/health/ready', (_request, reply) => {
    if (isStopping()) return reply.code(503).send({ status: 'stopping' })
    const { database, signals } = readiness()
    if (database && signals) return reply.send({ status: 'ready' })
    return reply.code(503).send({ status: 'not ready', database: word(database), signals: word(signals) })
  })
}

function word(isFine: boolean): 'ok' | 'unavailable' {
  return isFine ? 'ok' : 'unavailable'
}
