import type { Engine } from './live-engine.ts'
import type { Random } from './live-random.ts'

/** Everything that happens in a schedule happens here, one after another; what is due at one moment, in an order that chance decides. */
export type VirtualTime = {
  /** Milliseconds since the schedule began, whole ones. */
  readonly now: () => number
  /** What it promises is waited for: nothing else happens meanwhile, and no time passes. Returns how to call it off. */
  readonly at: (moment: number, work: () => unknown) => () => void
  /** The same, before anything else of that moment. */
  readonly firstAt: (moment: number, work: () => unknown) => void
  readonly runUntil: (moment: number) => Promise<void>
}

type Happening = { moment: number; order: number; work: (() => unknown) | null }

export function virtualTime(clock: Engine['clock'], random: Random): VirtualTime {
  const heap: Happening[] = []
  let now = 0

  const isBefore = (a: Happening, b: Happening): boolean =>
    a.moment < b.moment || (a.moment === b.moment && a.order < b.order)

  const push = (happening: Happening): void => {
    let place = heap.length
    while (place > 0) {
      const above = (place - 1) >> 1
      if (!isBefore(happening, heap[above]!)) break
      heap[place] = heap[above]!
      place = above
    }
    heap[place] = happening
  }

  const pop = (): Happening => {
    const first = heap[0]!
    const last = heap.pop()!
    if (heap.length === 0) return first
    let place = 0
    for (;;) {
      let below = 2 * place + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below += 1
      if (!isBefore(heap[below]!, last)) break
      heap[place] = heap[below]!
      place = below
    }
    heap[place] = last
    return first
  }

  const add = (moment: number, order: number, work: () => unknown): Happening => {
    const happening = { moment: Math.max(now, Math.ceil(moment)), order, work }
    push(happening)
    return happening
  }

  return {
    now: () => now,
    at(moment, work) {
      const happening = add(moment, random.next(), work)
      return () => {
        happening.work = null
      }
    },
    firstAt(moment, work) {
      add(moment, -1, work)
    },
    async runUntil(moment) {
      while (heap.length > 0 && heap[0]!.moment <= moment) {
        const { moment: at, work } = pop()
        if (work === null) continue
        clock.advance(at - now)
        now = at
        await work()
        await allSettled()
      }
      clock.advance(moment - now)
      now = moment
    },
  }
}

/** Everything that one happening sets off by promises is over before the next: Node comes to this only when no promise has work left. */
export function allSettled(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve)
  })
}
