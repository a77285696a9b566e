import type { LiveFacts } from '../../src/application/live-ports.ts'
import { Unavailable, type Hint, type Signals } from '../../src/application/ports.ts'
import type { PresenceHub, presenceHub } from '../../src/live/presence-hub.ts'
import type { Scheduler } from '../../src/live/scheduler.ts'
import { POLICY } from '../support/policy.ts'
import type { Storage } from '../support/storage.ts'
import type { Random } from './live-random.ts'
import type { VirtualTime } from './live-time.ts'

export const READS = ['QUICK', 'SLOW', 'FAILING', 'MIXED'] as const
export type Reads = (typeof READS)[number]
export const SIGNALS = ['PROMPT', 'LATE', 'CUT'] as const
export type SignalsArrive = (typeof SIGNALS)[number]

/** After its last trouble, an instance is given so long until all is as if there had been none. */
export const RECOVERED_AFTER_MS = 12_000
/** Ten seconds by the instance's own clock, whatever its rate. */
const SURELY_BLIND_AFTER_MS = 11_000
const POSSIBLY_BLIND_AFTER_MS = 9_600
/** A snapshot by the clock makes good what a stream has missed: within a schedule, or long after it. */
const SNAPSHOT_EVERY_MS = [20_000, 120_000] as const

export type OpenHub = typeof presenceHub
/** What stands between an instance's hub and what it reads. */
export type Tamper = (
  live: LiveFacts,
  around: { readonly time: VirtualTime; readonly signals: Signals },
) => LiveFacts

export type Instance = {
  readonly name: string
  /** Null while it is down. */
  readonly hub: () => PresenceHub | null
  readonly readsBecome: (reads: Reads) => void
  readonly signalsBecome: (arrive: SignalsArrive) => void
  readonly crash: () => void
  readonly start: () => void
  /** Since when signals arrive and reads succeed, quickly both; null while they do not. */
  readonly isHealthySince: () => number | null
  /** For more than ten seconds, nothing could be verified. */
  readonly isSurelyBlind: () => boolean
  /** For almost ten seconds, not all could be; and since then no tick has found that it can. */
  readonly mayBeBlind: () => boolean
}

/** One instance of the service: a hub with a clock of its own, reads that may be slow or fail, and its own view of the bus. */
export function instance(
  name: string,
  {
    time,
    random,
    storage,
    openHub,
    tamper = (live) => live,
  }: {
    readonly time: VirtualTime
    readonly random: Random
    readonly storage: Pick<Storage, 'live' | 'signals'>
    readonly openHub: OpenHub
    readonly tamper?: Tamper | undefined
  },
): Instance {
  const scheduler = skewedScheduler(time, random)
  const bus = busOf({ time, random, storage, scheduler })
  let reads: Reads = 'QUICK'
  let healthySince: number | null = 0
  let unreadableSince: number | null = null
  let tick: { readonly began: number; readonly signalsArrived: boolean; failed: boolean } | null = null
  let verifiedAt = 0
  let wasBlind = false
  let hub: PresenceHub | null = null

  const delayed = <Answer>(read: () => Promise<Answer>): Promise<Answer> => {
    const { untilSnapshot, untilAnswer, fails } = fateOf(reads, random)
    return new Promise((resolve, reject) => {
      const fail = (): void => {
        reject(new Unavailable(new Error('unplugged')))
      }
      time.at(time.now() + untilSnapshot, async () => {
        if (fails === 'BEFORE') {
          fail()
          return
        }
        const answer = await read()
        time.at(time.now() + untilAnswer, () => {
          if (fails === 'AFTER') fail()
          else resolve(answer)
        })
      })
    })
  }
  const { live } = storage
  const read: LiveFacts = {
    look: (look) => delayed(() => live.look(look)),
    factsOfPairs: (pairs) => delayed(() => live.factsOfPairs(pairs)),
    contactFacts: (look) => delayed(() => live.contactFacts(look)),
  }
  const tampered = tamper(read, { time, signals: bus.signals })
  const isUnverified = (): boolean =>
    time.now() - Math.min(verifiedAt, bus.arrivedUntil()) > POSSIBLY_BLIND_AFTER_MS
  const noticed: LiveFacts = {
    ...tampered,
    look(look) {
      wasBlind ||= isUnverified()
      if (tick?.failed === false) {
        verifiedAt = tick.began
        if (tick.signalsArrived) wasBlind &&= isUnverified()
      }
      const signalsArrived = time.now() - bus.arrivedUntil() < POSSIBLY_BLIND_AFTER_MS
      tick = { began: time.now(), signalsArrived, failed: false }
      return tampered.look(look)
    },
  }

  const start = (): void => {
    tick = null
    hub = openHub({
      live: noticed,
      signals: bus.signals,
      ...POLICY,
      scheduler,
      snapshotEveryMs: random.pick(SNAPSHOT_EVERY_MS),
      random: random.next,
      onProblem(error) {
        if (tick !== null && error instanceof Unavailable) tick.failed = true
      },
    })
  }

  const healthChanged = (): void => {
    const healthy = reads === 'QUICK' && bus.arrive() === 'PROMPT'
    if (!healthy) healthySince = null
    else healthySince ??= time.now()
    if (reads !== 'FAILING') unreadableSince = null
    else unreadableSince ??= time.now()
  }

  start()
  return {
    name,
    hub: () => hub,
    readsBecome(next) {
      reads = next
      healthChanged()
    },
    signalsBecome(next) {
      wasBlind ||= isUnverified()
      bus.become(next)
      healthChanged()
    },
    crash() {
      hub?.close()
      hub = null
    },
    start,
    isHealthySince: () => healthySince,
    isSurelyBlind() {
      const since = Math.min(unreadableSince ?? Infinity, bus.cutSince() ?? Infinity)
      return time.now() - since > SURELY_BLIND_AFTER_MS
    },
    mayBeBlind: () => wasBlind || isUnverified(),
  }
}

function fateOf(
  reads: Reads,
  random: Random,
): {
  readonly untilSnapshot: number
  readonly untilAnswer: number
  readonly fails: null | 'BEFORE' | 'AFTER'
} {
  const slow = reads === 'SLOW' || (reads === 'MIXED' && random.chance(0.3))
  const most = slow ? random.pick([200, 1500]) : 20
  const fails = reads === 'FAILING' || (reads === 'MIXED' && random.chance(0.4))
  return {
    untilSnapshot: random.between(0, most),
    untilAnswer: random.between(0, most),
    fails: fails ? random.pick(['BEFORE', 'AFTER'] as const) : null,
  }
}

/** A clock that began at another time and does not go as fast. */
function skewedScheduler(
  time: VirtualTime,
  random: Random,
): Scheduler & { readonly at: (moment: number) => number } {
  const ahead = random.between(0, 1_000_000)
  const rate = 0.98 + 0.04 * random.next()
  const at = (moment: number): number => ahead + moment * rate
  return {
    at,
    now: () => at(time.now()),
    soon: (work) => void time.at(time.now() + random.between(0, 2), work),
    after: (ms, work) => time.at(time.now() + ms / rate, work),
  }
}

/** How the signals of all reach one instance: late, twice, in another order, or not at all; then something may have been missed. */
function busOf({
  time,
  random,
  storage,
  scheduler,
}: {
  readonly time: VirtualTime
  readonly random: Random
  readonly storage: Pick<Storage, 'signals'>
  readonly scheduler: { readonly at: (moment: number) => number }
}) {
  const listeners = new Set<(hint: Hint) => void>()
  const onTheirWay = new Set<{ readonly sentAt: number }>()
  let arrive: SignalsArrive = 'PROMPT'
  let connection = {}
  let cutSince: number | null = null

  const arrivedUntil = (): number => {
    if (cutSince !== null) return cutSince
    let until = time.now()
    for (const { sentAt } of onTheirWay) until = Math.min(until, sentAt)
    return until
  }

  const tell = (hint: Hint): void => {
    for (const listener of [...listeners]) listener(hint)
  }

  const send = (hint: Hint, arrived: () => void): void => {
    const over = connection
    const signal = { sentAt: time.now() }
    onTheirWay.add(signal)
    time.at(time.now() + random.between(0, arrive === 'LATE' ? 4000 : 40), () => {
      if (connection !== over) return
      onTheirWay.delete(signal)
      tell(hint)
      arrived()
    })
  }

  storage.signals.subscribeToAll((hint) => {
    if (arrive === 'CUT') return
    const copies = random.chance(0.1) ? 2 : 1
    for (let copy = 0; copy < copies; copy += 1) send(hint, () => undefined)
  })

  const cut = (): void => {
    cutSince = arrivedUntil()
    connection = {}
    onTheirWay.clear()
  }

  /** What is sent from now on arrives; what was missed is made good by a hint, before it may be said that all has arrived. */
  const connect = (): void => {
    send('ANYTHING', () => {
      cutSince = null
    })
  }

  const signals: Signals = {
    subscribe: () => {
      throw new Error('the hub hears everything')
    },
    subscribeToAll(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    arrivedUntil: () => scheduler.at(arrivedUntil()),
  }

  return {
    signals,
    arrivedUntil,
    arrive: () => arrive,
    cutSince: () => (arrive === 'CUT' ? cutSince : null),
    become(next: SignalsArrive) {
      const before = arrive
      arrive = next
      if (next === 'CUT' && before !== 'CUT') cut()
      if (next !== 'CUT' && before === 'CUT') connect()
    },
  }
}
