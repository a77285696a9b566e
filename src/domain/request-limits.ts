/** How many users one watcher may ask within a minute and within a day, by his class. */
export type RequestLimits = { readonly perMinute: number; readonly perDay: number }

/** What one watcher has asked for so far in the running minute and day. Times are epoch milliseconds of the database's clock. */
export type RequestCounts = {
  readonly minute: { readonly since: number; readonly count: number }
  readonly day: { readonly since: number; readonly count: number }
}

export const NO_REQUESTS: RequestCounts = Object.freeze({
  minute: Object.freeze({ since: 0, count: 0 }),
  day: Object.freeze({ since: 0, count: 0 }),
})

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** What came of counting. */
export type CountedRequests = {
  /** How many of those asked, the first ones, may be. */
  readonly admitted: number
  readonly counts: RequestCounts
  /** When the next one may be, if not all were; null also where the class lets nobody be asked at all. */
  readonly retryAt: number | null
}

/**
 * Counts that so many users are asked, before anything is known of them. Only those who are admitted count, so that trying in vain
 * does not put the next moment off. A minute and a day begin with the first request in them: no two of them overlap, and around
 * the border of two up to twice the limit may come in a short time.
 */
export function countRequests(
  before: RequestCounts,
  { asked, limits, now }: { readonly asked: number; readonly limits: RequestLimits; readonly now: number },
): CountedRequests {
  const minute = windowAt(before.minute, { lengthMs: MINUTE_MS, limit: limits.perMinute, now })
  const day = windowAt(before.day, { lengthMs: DAY_MS, limit: limits.perDay, now })
  const admitted = Math.min(asked, minute.left, day.left)
  const counts = admitted === 0 ? before : { minute: counted(minute, admitted), day: counted(day, admitted) }
  const exhausted = [minute, day].filter(({ left }) => left === admitted)
  const canEver = limits.perMinute > 0 && limits.perDay > 0
  const retryAt = admitted < asked && canEver ? Math.max(...exhausted.map(({ endsAt }) => endsAt)) : null
  return { admitted, counts, retryAt }
}

type Window = RequestCounts['minute']
type RunningWindow = Window & { readonly left: number; readonly endsAt: number }

function windowAt(
  window: Window,
  { lengthMs, limit, now }: { readonly lengthMs: number; readonly limit: number; readonly now: number },
): RunningWindow {
  const { since, count } = now < window.since + lengthMs ? window : { since: now, count: 0 }
  return { since, count, left: Math.max(0, limit - count), endsAt: since + lengthMs }
}

function counted({ since, count }: RunningWindow, admitted: number): Window {
  return { since, count: count + admitted }
}
