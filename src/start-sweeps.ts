import { forgetTrail } from './application/forget-trail.ts'
import type { Trail } from './application/account-ports.ts'
import type { Leftovers } from './application/ports.ts'
import type { PrivacyStore } from './application/privacy-store.ts'
import { forgetWhatIsOld, settleWhatHasEnded } from './application/sweep.ts'
import { repeatedly } from './repeatedly.ts'
import type { Logger } from './server/log.ts'

/** What is forgotten is months old: a few hundred rows more or less of it do not matter for an hour. */
const FORGET_EVERY_MS = 3_600_000

export type Sweeps = {
  readonly store: PrivacyStore
  readonly leftovers: Leftovers
  readonly trail: Trail
  /** 0 is never. */
  readonly everyMs: number
  readonly requestsKeptMs: number
  readonly trailKeptMs: number
  readonly log: Logger
}

/** Tidies up behind time for as long as the app runs. Returns how to stop it; what is under way ends after its batch. */
export function startSweeps(sweeps: Sweeps): () => Promise<void> {
  const { store, leftovers, trail, everyMs, requestsKeptMs, trailKeptMs, log } = sweeps
  if (everyMs === 0) return () => Promise.resolve()
  const onProblem = (error: unknown): void => {
    log.warn({ err: error }, 'a sweep failed; it is tried again in its turn')
  }
  const settling = repeatedly(
    async (stopped) => {
      const settled = await settleWhatHasEnded({ store, leftovers }, stopped)
      if (settled > 0) log.debug({ settled }, 'stored as ended what has ended')
    },
    { everyMs, onProblem },
  )
  const forgetting = repeatedly(
    async (stopped) => {
      const retention = { requestsMs: requestsKeptMs }
      const forgotten =
        (await forgetWhatIsOld({ leftovers, retention }, stopped)) +
        (await forgetTrail({ trail, keptMs: trailKeptMs }, stopped))
      if (forgotten > 0) log.debug({ forgotten }, 'forgot what was long over')
    },
    { everyMs: FORGET_EVERY_MS, onProblem },
  )
  return async () => {
    await Promise.all([settling.stop(), forgetting.stop()])
  }
}
