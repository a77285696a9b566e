import type { UserId } from '../../src/domain/user-id.ts'
import type { PresenceEvent } from '../../src/live/presence-event.ts'
import { presenceHub } from '../../src/live/presence-hub.ts'
import type { Act } from './live-acts.ts'
import type { Schedule, TimedAct } from './live-plan.ts'
import { doDeed, type Place } from './live-deeds.ts'
import { memoryEngine, type Engine } from './live-engine.ts'
import { instance, RECOVERED_AFTER_MS, type Instance, type OpenHub, type Tamper } from './live-instance.ts'
import { seededRandom, type Random } from './live-random.ts'
import { asking, taking } from './live-consumers.ts'
import { checkedStream, type CheckedStream } from './live-stream.ts'
import { virtualTime, type VirtualTime } from './live-time.ts'
import { truth as truthOf, type Truth } from './live-truth.ts'

export type Planted = {
  readonly openHub?: OpenHub
  readonly tamper?: Tamper
}

/** With what a schedule is taken: the real hub on storage in memory, if nothing else is said. */
export type Taking = { readonly planted?: Planted; readonly engine?: () => Promise<Engine> }

const CHECK_EVERY_MS = 500

/** What one client does with his stream, over whichever instance he reaches. */
type Client = {
  readonly watcher: UserId
  readonly opening: Act & { act: 'open' }
  stream: CheckedStream | null
  lookAway: (forMs: number) => void
  close: () => void
}

/** Takes a schedule from its first act to its end, and the calm after it. Throws the `Violation` that it comes upon. */
export async function takeSchedule(
  schedule: Schedule,
  { planted = {}, engine: open = memoryEngine }: Taking = {},
): Promise<void> {
  const random = seededRandom(schedule.seed + 0x5eed)
  const engine = await open()
  const { random: realRandom } = Math
  // The hub's jitter is a part of the schedule.
  Math.random = random.next
  try {
    await taken(schedule, { random, planted, engine })
  } finally {
    Math.random = realRandom
    engine.close()
  }
}

async function taken(
  { acts, instances: count, calmAt }: Schedule,
  {
    random,
    planted,
    engine,
  }: { readonly random: Random; readonly planted: Planted; readonly engine: Engine },
): Promise<void> {
  const { storage, users, clock } = engine
  const began = clock.now()
  const time = virtualTime(clock, random)
  const truth = truthOf(storage, time, users)
  const instances = Array.from({ length: count }, (_, number) =>
    instance(`instance ${number}`, {
      ...{ time, random, storage: engine.ofInstance(number), openHub: presenceHub },
      ...planted,
    }),
  )
  let notes = 0
  const place: Place = {
    storage,
    users,
    now: () => began + time.now(),
    endsIn: (ms) => truth.endsAt(time.now() + ms),
    newNote: () => `note ${(notes += 1)}`,
  }
  const clients = clientsOf({ time, random, truth, users, instances })
  let failure: { readonly error: unknown } | null = null
  const attempt = async (work: () => unknown): Promise<void> => {
    try {
      await work()
    } catch (error) {
      failure ??= { error }
    }
  }

  const take = async (act: TimedAct): Promise<void> => {
    switch (act.act) {
      case 'open':
        return clients.open(act)
      case 'close':
        return clients.of(act.stream)?.close()
      case 'look away':
        return clients.of(act.stream)?.lookAway(act.forMs)
      case 'reads become': {
        instances[act.on]!.readsBecome(act.reads)
        return
      }
      case 'signals become': {
        instances[act.on]!.signalsBecome(act.arrive)
        return
      }
      case 'crash': {
        clients.crash(instances[act.on]!, act.forMs)
        return
      }
      default:
        await engine.synchronise()
        await doDeed(place, act)
        await engine.heard()
        await truth.record()
    }
  }
  for (const act of acts) time.at(act.at, () => attempt(() => take(act)))

  const troubled = acts.some(
    ({ act }) => act === 'reads become' || act === 'signals become' || act === 'crash',
  )
  const end = calmAt + (troubled ? RECOVERED_AFTER_MS + 1500 : 2500)
  time.at(calmAt, () => {
    clients.calm()
    for (const each of instances) {
      each.readsBecome('QUICK')
      each.signalsBecome('PROMPT')
    }
  })
  const check = (): void => {
    for (const client of clients.all) client.stream?.check()
    time.at(time.now() + CHECK_EVERY_MS, () => attempt(check))
  }
  time.at(CHECK_EVERY_MS, () => attempt(check))
  clients.onViolation((error) => {
    failure ??= { error }
  })

  while (time.now() < end && failure === null) await time.runUntil(Math.min(end, time.now() + CHECK_EVERY_MS))
  for (const client of clients.all) await attempt(() => client.stream?.check())
  for (const each of instances) each.crash()
  if (failure !== null) throw (failure as { error: unknown }).error
}

function clientsOf({
  time,
  random,
  truth,
  users,
  instances,
}: {
  readonly time: VirtualTime
  readonly random: Random
  readonly truth: Truth
  readonly users: readonly UserId[]
  readonly instances: readonly Instance[]
}) {
  const all: Client[] = []
  let calm = false
  let onViolation = (_: unknown): void => undefined
  const guarded = (work: () => void): void => {
    try {
      work()
    } catch (error) {
      onViolation(error)
    }
  }

  const connect = (client: Client, to: Instance): void => {
    const hub = to.hub()
    if (hub === null) {
      reconnect(client)
      return
    }
    const { users: wanted, asks } = client.opening
    const interest = wanted === 'CONTACTS' ? wanted : { users: wanted.map((user) => users[user]!) }
    const stream = checkedStream({ watcher: client.watcher, interest, at: to, truth, time })
    const take = (event: PresenceEvent): void => {
      guarded(() => {
        stream.take(event)
      })
    }
    const { lookAway, close } = (asks ? asking : taking)({
      hub,
      stream,
      take,
      interest,
      time,
      random,
      failed,
    })
    client.stream = stream
    client.lookAway = lookAway
    client.close = () => {
      stream.close()
      close()
    }

    function failed(error: unknown): void {
      guarded(() => {
        stream.failed(error)
      })
      reconnect(client)
    }
  }

  const reconnect = (client: Client): void => {
    client.stream = null
    const after = calm ? random.between(0, 300) : random.between(50, 1500)
    time.at(time.now() + after, () => {
      connect(client, random.pick(instances))
    })
  }

  return {
    all: all as readonly Client[],
    of: (number: number): Client | undefined => all[number % Math.max(1, all.length)],
    onViolation(listener: (error: unknown) => void) {
      onViolation = listener
    },
    async open(opening: Act & { act: 'open' }): Promise<void> {
      const watcher = users[opening.watcher]!
      await truth.watch(watcher)
      const client: Client = { watcher, opening, stream: null, lookAway: nothing, close: nothing }
      all.push(client)
      connect(client, instances[opening.on]!)
    },
    crash(crashed: Instance, forMs: number): void {
      if (crashed.hub() === null) return
      crashed.crash()
      for (const client of all) {
        if (client.stream?.at !== crashed || !client.stream.isOpen()) continue
        client.close()
        reconnect(client)
      }
      time.at(time.now() + forMs, () => {
        crashed.start()
      })
    },
    calm() {
      calm = true
    },
  }
}

function nothing(): void {
  /* Not connected yet. */
}
