import { AHEAD_MS, type Allowance } from './allowance.ts'
import type { Ticket } from './ticket.ts'

/** A client that is refused more often than this within a second does not heed refusals. */
const REFUSALS_AT_ONCE = 20
/** Reading its requests costs more than refusing them, so the server reads none for a while. A ping may wait for longer than that. */
const SHORTEST_REST_MS = 1000
const LONGEST_REST_MS = 6000

/** An account is kept for this long after its caller's last operation. Making one for each operation would cost more. */
const KEPT_MS = 5000

/**
 * The allowance of one caller, and which of their operations run and wait. It follows only from what the caller has sent and when, never from
 * what operations have found.
 */
export class Account {
  readonly key: string
  /** Weight that may begin now. Below zero after an operation that was heavier than the allowance that was left. */
  tokens: number
  /** When `tokens` was brought up to date. */
  at: number
  /** When the next operation would begin, if all that has begun were spread as evenly as `peakPerSecond` says. */
  paceAt = -Infinity
  /** Weight that runs. Of one operation, at most `runningOfOne` counts. */
  running = 0
  /** Refusals within a second of `refusedFrom`, and for how long the client is not read after many. */
  private refused = 0
  private refusedFrom = -Infinity
  private restMs = 0
  /** In the order in which they came. */
  waiting: Ticket[] = []
  waitingWeight = 0
  waitingBytes = 0
  /** In units of weight: when the caller's next operation would begin if all callers took turns by weight. */
  finish = 0
  /** The same for the operation that is in the queue of those that may begin. */
  tag = 0
  /** Whether an operation is in that queue. */
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

  /** How long the server does not read a client that was refused too often within a second: twice as long each time that it goes on. */
  restAfterRefusal(now: number): number {
    if (now - this.refusedFrom > 1000) {
      const goesOn = this.refused > REFUSALS_AT_ONCE && now - this.refusedFrom < 2 * LONGEST_REST_MS
      this.restMs = goesOn ? Math.min(this.restMs * 2, LONGEST_REST_MS) : SHORTEST_REST_MS
      this.refusedFrom = now
      this.refused = 0
    }
    this.refused += 1
    // Clients that were refused together must not come back together.
    return this.refused > REFUSALS_AT_ONCE ? Math.round(this.restMs * (0.5 + Math.random())) : 0
  }

  /** Whether a new account would be the same. */
  isForgettable(allowance: Allowance, now: number): boolean {
    if (this.running > 0 || this.waiting.length > 0 || now - this.paceAt < KEPT_MS) return false
    this.refill(allowance, now)
    return this.tokens >= allowance.burst
  }
}
