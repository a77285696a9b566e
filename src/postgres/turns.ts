import { Unavailable } from '../application/ports.ts'

/**
 * Lets the work of each key run one after the other. Changes of one user wait for his own row anyway: waiting here they hold no
 * connection, which everybody else needs. Beyond `mostWaiting` of one key, further work is refused as `Unavailable`.
 */
export function takeTurns({ mostWaiting }: { readonly mostWaiting: number }) {
  const queues = new Map<string, { waiting: number; last: Promise<unknown> }>()
  return async function inTurn<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const queue = queues.get(key) ?? { waiting: 0, last: Promise.resolve() }
    if (queue.waiting > mostWaiting) throw new Unavailable(new Error('too much waits for one user'))
    queues.set(key, queue)
    queue.waiting += 1
    const turn = queue.last.then(work)
    queue.last = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      queue.waiting -= 1
      if (queue.waiting === 0) queues.delete(key)
    }
  }
}
