import type { Scheduler } from '../../live/scheduler.ts'
import { Account } from './account.ts'
import {
  MAX_WAIT_MS,
  MAX_WAITING_BYTES_OF_ALL,
  MAX_WAITING_BYTES_OF_ONE,
  MAX_WAITING_OF_ALL,
  MAX_WAITING_OF_ONE,
  OWN_WAIT_SECONDS,
  type Allowance,
} from './allowance.ts'
import { readyQueue } from './ready-queue.ts'
import { Ticket, type Refusal, type Work } from './ticket.ts'

/** How often waiting operations are checked: whether their caller has allowance again, and whether they have waited too long. */
const BEAT_MS = 10
/** With each operation, so many accounts are checked, and forgotten if a new one would be the same. */
const SWEPT_AT_ONCE = 2

export type AdmissionReadings = {
  readonly accounts: number
  readonly waiting: number
  readonly runningWeight: number
  readonly admitted: number
  readonly waited: number
  readonly tooManyRequests: number
  readonly overloaded: number
}

export type Admission = {
  /** A ticket for an operation of the caller that runs or waits, or a refusal. The operation gives its ticket back by `leave`. */
  readonly ask: (caller: string, work: Work) => Ticket | Refusal
  readonly readings: () => AdmissionReadings
  readonly close: () => void
}

export function isRefusal(answer: Ticket | Refusal): answer is Refusal {
  return 'code' in answer
}

/**
 * Decides when each operation begins. Operations that find room begin at once. For the others, callers take turns by weight (start-time fair
 * queueing), each within their allowance. Admission knows only an operation's weight: neither what the operation finds nor how long it takes
 * changes what its caller may begin.
 */
export function createAdmission(allowance: Allowance, scheduler: Scheduler): Admission {
  const { perSecond, burst, runningOfOne, runningOfAll } = allowance
  const accounts = new Map<string, Account>()
  const ready = readyQueue<Account>()
  /** Accounts whose next operation waits for allowance. */
  const short = new Set<Account>()
  /** In the order in which they came. */
  const waiting = new Set<Ticket>()
  const tally = { admitted: 0, waited: 0, tooManyRequests: 0, overloaded: 0 }
  let sweeping = accounts.values()
  let running = 0
  let waitingBytes = 0
  /** The virtual time of fair queueing, in units of weight. */
  let turn = 0
  let stopBeating: (() => void) | undefined

  const accountOf = (caller: string, now: number): Account => {
    sweep(now)
    let account = accounts.get(caller)
    if (account === undefined) accounts.set(caller, (account = new Account(caller, allowance, now)))
    else account.refill(allowance, now)
    return account
  }

  const sweep = (now: number): void => {
    for (let swept = 0; swept < SWEPT_AT_ONCE; swept++) {
      const next = sweeping.next()
      if (next.done === true) {
        sweeping = accounts.values()
        return
      }
      if (next.value.isForgettable(allowance, now)) accounts.delete(next.value.key)
    }
  }

  const countedOf = (weight: number): number => Math.min(weight, runningOfOne)
  const fitsRunning = (account: Account, weight: number): boolean =>
    account.running + countedOf(weight) <= runningOfOne
  const hasAllowance = (account: Account, weight: number): boolean =>
    account.mayBegin(weight, allowance, scheduler.now())

  const begin = (ticket: Ticket): void => {
    const { account, weight } = ticket
    const counted = countedOf(weight)
    turn = Math.max(turn, account.finish)
    account.finish = turn + weight
    account.take(weight, allowance, scheduler.now())
    account.running += counted
    running += counted
    ticket.state = 'RUNNING'
    tally.admitted += 1
  }

  const refusalOf = (account: Account, weight: number, now: number): Refusal | undefined => {
    const tooMany = (seconds: number): Refusal => tooManyOf(seconds, account.restAfterRefusal(now))
    const ownWait = (account.waitingWeight + Math.min(weight, burst) - account.tokens) / perSecond
    if (ownWait > OWN_WAIT_SECONDS) return tooMany(ownWait - OWN_WAIT_SECONDS)
    const waitingOfOne = account.waiting.length
    if (waitingOfOne >= MAX_WAITING_OF_ONE) return tooMany(ownWait)
    if (account.waitingBytes > MAX_WAITING_BYTES_OF_ONE) return tooMany(ownWait)
    // The other half is for callers without a waiting operation.
    const share = waitingOfOne > 0 ? 0.5 : 1
    const isFull =
      waiting.size >= MAX_WAITING_OF_ALL * share || waitingBytes > MAX_WAITING_BYTES_OF_ALL * share
    return isFull ? overloaded() : undefined
  }

  const tooManyOf = (seconds: number, restMs = 0): Refusal => {
    tally.tooManyRequests += 1
    return { code: 'TOO_MANY_REQUESTS', retryAfterSeconds: Math.max(1, Math.ceil(seconds)), restMs }
  }

  const overloaded = (): Refusal => {
    tally.overloaded += 1
    // Clients that are refused together must not come back together.
    return { code: 'OVERLOADED', retryAfterSeconds: 1 + Math.floor(Math.random() * 5), restMs: 0 }
  }

  const enqueue = (ticket: Ticket): void => {
    const { account, weight, bytes } = ticket
    account.waiting.push(ticket)
    account.waitingWeight += weight
    account.waitingBytes += bytes
    waitingBytes += bytes
    waiting.add(ticket)
    tally.waited += 1
    stopBeating ??= scheduler.after(BEAT_MS, beat)
  }

  const dequeue = (ticket: Ticket): void => {
    const { account, weight, bytes } = ticket
    const place = account.waiting.indexOf(ticket)
    account.waiting.splice(place, 1)
    account.waitingWeight -= weight
    account.waitingBytes -= bytes
    waitingBytes -= bytes
    waiting.delete(ticket)
  }

  /** Puts an account among those that take turns, among those that are short of allowance, or nowhere, by its next operation. */
  const place = (account: Account): void => {
    const [next] = account.waiting
    if (account.isReady || next === undefined || !fitsRunning(account, next.weight)) return
    if (!hasAllowance(account, next.weight)) {
      short.add(account)
      return
    }
    account.tag = Math.max(turn, account.finish)
    account.isReady = true
    ready.push(account)
  }

  const dispatch = (): void => {
    while (running < runningOfAll) {
      const account = ready.pop()
      if (account === undefined) return
      account.isReady = false
      const [next] = account.waiting
      // The operation may have been refused since.
      if (next === undefined) continue
      if (fitsRunning(account, next.weight) && hasAllowance(account, next.weight)) {
        turn = Math.max(turn, account.tag)
        dequeue(next)
        begin(next)
        next.end('BEGIN')
      }
      place(account)
    }
  }

  const beat = (): void => {
    stopBeating = undefined
    const now = scheduler.now()
    for (const ticket of waiting) {
      if (now - ticket.since < MAX_WAIT_MS) break
      const { account } = ticket
      dequeue(ticket)
      ticket.state = 'OVER'
      ticket.end(account.isReady ? overloaded() : tooManyOf(1))
    }
    for (const account of short) {
      account.refill(allowance, now)
      const [next] = account.waiting
      if (next !== undefined && !hasAllowance(account, next.weight)) continue
      short.delete(account)
      place(account)
    }
    dispatch()
    if (waiting.size > 0) stopBeating = scheduler.after(BEAT_MS, beat)
    else short.clear()
  }

  const release = (ticket: Ticket): void => {
    const { account, weight } = ticket
    ticket.state = 'OVER'
    account.running -= countedOf(weight)
    running -= countedOf(weight)
    if (waiting.size === 0) return
    place(account)
    dispatch()
  }

  return {
    ask(caller, work) {
      const now = scheduler.now()
      const account = accountOf(caller, now)
      const { weight } = work
      const isFree = account.waiting.length === 0 && ready.size() === 0 && running < runningOfAll
      if (isFree && fitsRunning(account, weight) && hasAllowance(account, weight)) {
        const ticket = new Ticket(account, weight, now, release)
        begin(ticket)
        return ticket
      }
      const refusal = refusalOf(account, weight, now)
      if (refusal !== undefined) return refusal
      const ticket = new Ticket(account, weight, now, release)
      ticket.bytes = work.bytes()
      enqueue(ticket)
      place(account)
      dispatch()
      return ticket
    },

    readings: () => ({ ...tally, accounts: accounts.size, waiting: waiting.size, runningWeight: running }),

    close() {
      stopBeating?.()
      stopBeating = undefined
    },
  }
}
