import { Unavailable } from '../application/ports.ts'

/**
 * Lets the work of each key run one after the other. Changes of one user wait for their own row anyway: waiting here they hold no
 * connection, which everybody else needs. Beyond `mostWaiting` of one key, further work is refused as `Unavailable`.
 *
 * Whoever has waited for `withinMs`, for their turn and for their work together, is told so as `Unavailable`: of a database that does
 * not answer, all learn at the same time, not one after the other. What has not begun by then never does. What is under way goes on,
 * as after an answer that was lost, and the next one waits for its end.
 */
export function takeTurns(limits: { readonly mostWaiting: number; readonly withinMs: number }) {
  const queues = new Map<string, { waiting: number; last: Promise<unknown> }>()
  return async function inTurn<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const queue = queues.get(key) ?? { waiting: 0, last: Promise.resolve() }
    if (queue.waiting > limits.mostWaiting) throw new Unavailable(new Error('too much waits for one user'))
    queues.set(key, queue)
    queue.waiting += 1
    const deadline = deadlineIn(limits.withinMs)
    const turn = queue.last.then(() => {
      if (deadline.isOver()) throw tooLate()
      return work()
    })
    queue.last = turn
      .catch(() => undefined)
      .then(() => {
        queue.waiting -= 1
        if (queue.waiting === 0) queues.delete(key)
      })
    try {
      return await Promise.race([turn, deadline.passed])
    } finally {
      deadline.cancel()
    }
  }
}

function deadlineIn(ms: number) {
  let over = false
  let timer: NodeJS.Timeout | undefined
  const passed = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      over = true
      reject(tooLate())
    }, ms)
  })
  return {
    passed,
    isOver: () => over,
    cancel: () => {
      clearTimeout(timer)
    },
  }
}

function tooLate(): Unavailable {
  return new Unavailable(new Error('the changes of one user took too long'))
}
