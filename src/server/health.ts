import type { FastifyInstance } from 'fastify'

/** What an instance needs to be of use, and whether it has it now. */
export type Readiness = { readonly database: boolean; readonly signals: boolean }

export type HealthOptions = {
  readonly readiness: () => Promise<Readiness>
  readonly isStopping: () => boolean
}

/** Probes come every few seconds and wait for one or two: an answer that takes longer is a no. */
const CHECK_TIMEOUT_MS = 2000

/**
 * `/health/live` says that the process runs; `/health/ready` that requests may be sent to it: the database takes writes, signals
 * arrive, and it is not about to stop.
 */
export function serveHealth(http: FastifyInstance, { readiness, isStopping }: HealthOptions): void {
  const check = oneAtATime(() => withinTime(readiness()))

  http.get('/health/live', () => ({ status: 'live' }))
  http.get('/health/ready', async (_request, reply) => {
    if (isStopping()) return reply.code(503).send({ status: 'stopping' })
    const { database, signals } = await check()
    if (database && signals) return { status: 'ready' }
    return reply.code(503).send({ status: 'not ready', database: word(database), signals: word(signals) })
  })
}

function word(isFine: boolean): 'ok' | 'unavailable' {
  return isFine ? 'ok' : 'unavailable'
}

/** However many ask at once: a probe must not take the connections that it probes. */
function oneAtATime(check: () => Promise<Readiness>): () => Promise<Readiness> {
  let running: Promise<Readiness> | undefined
  return () => (running ??= check().finally(() => (running = undefined)))
}

async function withinTime(checked: Promise<Readiness>): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Readiness>((resolve) => {
    timer = setTimeout(() => {
      resolve({ database: false, signals: false })
    }, CHECK_TIMEOUT_MS)
  })
  try {
    return await Promise.race([checked, late])
  } finally {
    clearTimeout(timer)
  }
}
