import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Scheduler } from '../../src/live/scheduler.ts'

export type SteppedTime = {
  readonly scheduler: Scheduler
  readonly pass: (ms: number) => Promise<void>
  /** How many wait to be called later. */
  readonly waiting: () => number
}

/** Time that passes when it is told to, in steps between which whatever waits for nothing but its turn is done. */
export function steppedTime(): SteppedTime {
  const STEP_MS = 50
  let now = 0
  let due: { readonly at: number; readonly work: () => void }[] = []
  const scheduler: Scheduler = {
    now: () => now,
    soon: (work) => void setImmediate(work),
    after(ms, work) {
      const one = { at: now + ms, work }
      due.push(one)
      return () => void (due = due.filter((each) => each !== one))
    },
  }
  return {
    scheduler,
    waiting: () => due.length,
    async pass(ms: number) {
      for (const end = now + ms; now < end; now += STEP_MS) {
        const ripe = due.filter(({ at }) => at <= now)
        due = due.filter(({ at }) => at > now)
        for (const { work } of ripe) work()
        for (let turn = 0; turn < 3; turn += 1) await nextTurn()
      }
    },
  }
}
