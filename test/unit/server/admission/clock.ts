import type { Scheduler } from '../../../../src/live/scheduler.ts'

/** Time that passes when it is told to. */
export function handClock() {
  const due: { at: number; work: () => void }[] = []
  let now = 0
  const scheduler: Scheduler = {
    now: () => now,
    soon: (work) => work(),
    after(ms, work) {
      const entry = { at: now + ms, work }
      due.push(entry)
      return () => {
        const place = due.indexOf(entry)
        if (place !== -1) due.splice(place, 1)
      }
    },
  }
  return {
    scheduler,
    pass(ms: number): void {
      const until = now + ms
      for (;;) {
        due.sort((one, other) => one.at - other.at)
        const [next] = due
        if (next === undefined || next.at > until) break
        due.shift()
        now = next.at
        next.work()
      }
      now = until
    },
    timers: () => due.length,
  }
}
