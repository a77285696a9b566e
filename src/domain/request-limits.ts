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

/**
 * Counts that so many users are asked, before anything is known of them: how many of them may be, the counts afterwards, and when
 * the next one may be if not all were.
 */
export function countRequests(
  counts: RequestCounts,
  { asked, limits, now }: { readonly asked: number; readonly limits: RequestLimits; readonly now: number },
): { readonly admitted: number; readonly counts: RequestCounts; readonly retryAt: number | null } {
  const minute = windowAt(counts.minute, MINUTE_MS, now)
  const day = windowAt(counts.day, DAY_MS, now)
  const leftThisMinute = Math.max(0, limits.perMinute - minute.count)
  const leftToday = Math.max(0, limits.perDay - day.count)
  const admitted = Math.min(asked, leftThisMinute, leftToday)
  return {
    admitted,
    counts: {
      minute: { ...minute, count: minute.count + admitted },
      day: { ...day, count: day.count + admitted },
    },
    retryAt:
      admitted === asked ? null : admitted === leftToday ? day.since + DAY_MS : minute.since + MINUTE_MS,
  }
}

/** A window begins with the first request in it. */
function windowAt(window: RequestCounts['minute'], lengthMs: number, now: number): RequestCounts['minute'] {
  return now < window.since + lengthMs ? window : { since: now, count: 0 }
}
