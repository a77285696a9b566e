/** Time as streams need it: one clock that never goes back, in milliseconds, and two ways to be called later. */
export type Scheduler = {
  readonly now: () => number
  /** After what is under way now, together with all that comes in meanwhile. */
  readonly soon: (work: () => void) => void
  /** Returns how to call it off. */
  readonly after: (ms: number, work: () => void) => () => void
}

export const systemScheduler: Scheduler = {
  now: () => performance.now(),
  soon: (work) => void setImmediate(work),
  after(ms, work) {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
}
