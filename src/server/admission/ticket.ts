import type { Account } from './account.ts'

/** An operation was not begun, and nothing of it was done or counted. */
export type Refusal = {
  /** The caller has sent too much, or all callers together have. */
  readonly code: 'TOO_MANY_REQUESTS' | 'OVERLOADED'
  readonly retryAfterSeconds: number
  /** For so long the server should read nothing from the client, which floods and does not heed refusals. Usually 0. */
  readonly restMs: number
}

export type Work = {
  /** See `Allowance`. */
  readonly weight: number
  /** Bytes that it holds while it waits. Called only if it has to wait. */
  readonly bytes: () => number
}

/** How a wait ended: the operation may begin, or it was refused. */
export type WaitEnd = 'BEGIN' | Refusal

/** The place of one operation, from when it was asked for. */
export class Ticket {
  readonly account: Account
  readonly weight: number
  bytes = 0
  /** When it was asked for. */
  readonly since: number
  state: 'WAITING' | 'RUNNING' | 'OVER' = 'WAITING'
  private readonly release: (ticket: Ticket) => void
  private settle: ((end: WaitEnd) => void) | undefined = undefined

  constructor(account: Account, weight: number, since: number, release: (ticket: Ticket) => void) {
    this.account = account
    this.weight = weight
    this.since = since
    this.release = release
  }

  /** Settles when the operation may begin, or will not. Called once. */
  wait(): Promise<WaitEnd> {
    return new Promise((resolve) => (this.settle = resolve))
  }

  /** Ends the wait. */
  end(end: WaitEnd): void {
    this.settle?.(end)
    this.settle = undefined
  }

  /** Gives the place back: the operation has ended. May be called again. */
  leave(): void {
    if (this.state === 'RUNNING') this.release(this)
  }
}
