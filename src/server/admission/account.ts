import { AHEAD_MS, type Allowance } from './allowance.ts'
import type { Ticket } from './ticket.ts'

/** Whoever has been refused so often within a second asks on regardless. */
const REFUSALS_AT_ONCE = 20
/** Reading what they send costs more than refusing it: so it is not read for a while, which is shorter than the time to answer a ping. */
const SHORTEST_REST_MS = 1000
const LONGEST_REST_MS = 6000

/** Whoever comes back sooner finds their account: making one for each operation would cost more than keeping it. */
const KEPT_MS = 5000

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
  /** When the next operation would begin, if all that has begun were spread as evenly as `peakPerSecond` says. */
  paceAt = -Infinity
  /** Weight that runs, as far as it counts. */
  running = 0
  /** Refusals within a second of `refusedFrom`, and for how long a client is left alone after many. */
  private refused = 0
  private refusedFrom = -Infinity
  private restMs = 0
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

  /** Whether the caller's allowance has room for an operation of this weight. */
  mayBegin(weight: number, { burst }: Allowance, now: number): boolean {
    return this.tokens >= Math.min(weight, burst) && this.paceAt <= now + AHEAD_MS
  }

  take(weight: number, { peakPerSecond }: Allowance, now: number): void {
    this.tokens -= weight
    this.paceAt = Math.max(this.paceAt, now) + (weight * 1000) / peakPerSecond
  }

  /** How long a client is left alone that has been refused so often within a second; twice as long each time that it goes on. */
  restAfterRefusal(now: number): number {
    if (now - this.refusedFrom > 1000) {
      const goesOn = this.refused > REFUSALS_AT_ONCE && now - this.refusedFrom < 2 * LONGEST_REST_MS
      this.restMs = goesOn ? Math.min(this.restMs * 2, LONGEST_REST_MS) : SHORTEST_REST_MS
      this.refusedFrom = now
      this.refused = 0
    }
    this.refused += 1
    // Those that were refused together must not come back together.
    return this.refused > REFUSALS_AT_ONCE ? Math.round(this.restMs * (0.5 + Math.random())) : 0
  }

  /** Nothing of it need be kept: a new one would be the same. */
  isForgettable(allowance: Allowance, now: number): boolean {
    if (this.running > 0 || this.waiting.length > 0 || now - this.paceAt < KEPT_MS) return false
    this.refill(allowance, now)
    return this.tokens >= allowance.burst
  }
}
