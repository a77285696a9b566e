import { forgetTrail } from './application/forget-trail.ts'
import type { Trail } from './application/account-ports.ts'
import type { AdministrativeActs } from './application/administrative-acts.ts'
import type { Leftovers } from './application/ports.ts'
import type { PrivacyStore } from './application/privacy-store.ts'
import { forgetWhatIsOld, removeEndedSessions, settleWhatHasEnded } from './application/sweep.ts'
import { repeatedly } from './repeatedly.ts'
import type { Logger } from './server/log.ts'

/** What is forgotten is months old: a few hundred rows more or less of it do not matter for an hour. Sessions that have ended cost nothing but their room. */
const FORGET_EVERY_MS = 3_600_000

export type Sweeps = {
  readonly store: PrivacyStore
  readonly leftovers: Leftovers
  readonly trail: Trail
  readonly acts: AdministrativeActs
  /** 0 is never. */
  readonly everyMs: number
  readonly requestsKeptMs: number
  readonly trailKeptMs: number
  readonly log: Logger
}

export type RunningSweeps = {
  /** Settles when what is under way has ended, after its batch. */
  readonly stop: () => Promise<void>
  /** How many went well since the start, and how many failed. */
  readonly tally: () => { readonly done: number; readonly failed: number }
}

/** Tidies up behind time for as long as the app runs. */
export function startSweeps(sweeps: Sweeps): RunningSweeps {
  const { store, leftovers, trail, acts, everyMs, requestsKeptMs, trailKeptMs, log } = sweeps
  const counts = { done: 0, failed: 0 }
  const tally = () => ({ ...counts })
  if (everyMs === 0) return { stop: () => Promise.resolve(), tally }
  const onProblem = (error: unknown): void => {
    counts.failed += 1
    log.warn({ err: error }, 'a sweep failed; it is tried again in its turn')
  }
  const settling = repeatedly(
    async (stopped) => {
      const settled = await settleWhatHasEnded({ store, leftovers }, stopped)
      counts.done += 1
      if (settled > 0) log.debug({ settled }, 'stored as ended what has ended')
    },
    { everyMs, onProblem },
  )
  const forgetting = repeatedly(
    async (stopped) => {
      const retention = { requestsMs: requestsKeptMs }
      const forgotten =
        (await forgetWhatIsOld({ leftovers, retention }, stopped)) +
        (await removeEndedSessions({ leftovers }, stopped)) +
        (await forgetTrail({ trail, acts, keptMs: trailKeptMs }, stopped))
      counts.done += 1
      if (forgotten > 0) log.debug({ forgotten }, 'forgot what was long over')
    },
    { everyMs: FORGET_EVERY_MS, onProblem },
  )
  return {
    stop: async () => {
      await Promise.all([settling.stop(), forgetting.stop()])
    },
    tally,
  }
}
