import type { Allowance } from './allowance.ts'
import type { Ticket } from './ticket.ts'

/**
 * What is known of one caller: what they may still begin, what runs, and what waits. It follows from what the caller has sent and from when,
 * and from nothing that was found.
 */
export class Account {
  readonly key: string
  /** Weight that may begin now. Below zero after an operation that was heavier than what there was. */
  tokens: number
  /** When `tokens` was brought up to date. */
  at: number
  /** Weight that runs, as far as it counts. */
  running = 0
  /** In the order of their coming. */
  waiting: Ticket[] = []
  waitingWeight = 0
  waitingBytes = 0
  /** In units of weight: when the caller's next operation would begin, if all callers' took turns by weight. */
  finish = 0
  /** The same of the operation that stands in the queue of those that may begin. */
  tag = 0
  /** Whether it stands there. */
  isReady = false

  constructor(key: string, { burst }: Allowance, now: number) {
    this.key = key
    this.tokens = burst
    this.at = now
  }

  refill({ perSecond, burst }: Allowance, now: number): void {
    if (now <= this.at) return
    this.tokens = Math.min(burst, this.tokens + ((now - this.at) * perSecond) / 1000)
    this.at = now
  }

  /** Nothing of it need be kept: a new one would be the same. */
  isForgettable(allowance: Allowance, now: number): boolean {
    if (this.running > 0 || this.waiting.length > 0) return false
    this.refill(allowance, now)
    return this.tokens >= allowance.burst
  }
}
