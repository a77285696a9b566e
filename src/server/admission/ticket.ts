import type { Account } from './account.ts'

/** An operation was not begun, and nothing of it was done or counted. */
export type Refusal = {
  /** The caller's own excess, or too much of all callers together. */
  readonly code: 'TOO_MANY_REQUESTS' | 'OVERLOADED'
  readonly retryAfterSeconds: number
}

export type Work = {
  /** See `Allowance`. */
  readonly weight: number
  /** What it holds in memory while it waits. */
  readonly bytes: number
}

/** How a wait ended: the operation may begin, whoever asked has left, or it was refused. */
export type WaitEnd = 'BEGIN' | 'LEFT' | Refusal

/** The place of one operation, from the moment on at which it was asked for. */
export class Ticket {
  readonly account: Account
  readonly weight: number
  readonly bytes: number
  /** When it was asked for. */
  readonly since: number
  state: 'RUNNING' | 'WAITING' | 'OVER' = 'WAITING'
  private readonly release: (ticket: Ticket) => void
  private settle: ((end: WaitEnd) => void) | undefined = undefined

  constructor(account: Account, { weight, bytes }: Work, since: number, release: (ticket: Ticket) => void) {
    this.account = account
    this.weight = weight
    this.bytes = bytes
    this.since = since
    this.release = release
  }

  /** Settles when the operation may begin, or will not. Only of one that waits, and only once. */
  wait(): Promise<WaitEnd> {
    return new Promise((resolve) => (this.settle = resolve))
  }

  /** Ends the wait. */
  end(end: WaitEnd): void {
    this.settle?.(end)
    this.settle = undefined
  }

  /** Nothing of the operation runs any more, or nobody waits for it. May be called again. */
  leave(): void {
    if (this.state !== 'OVER') this.release(this)
  }
}
