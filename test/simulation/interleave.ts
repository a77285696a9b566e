import type { LiveFacts } from '../../src/application/live-ports.ts'
import { Unavailable, type Signals } from '../../src/application/ports.ts'
import { parseUserId, type UserId } from '../../src/domain/user-id.ts'
import { presenceHub } from '../../src/live/presence-hub.ts'
import type { Scheduler } from '../../src/live/scheduler.ts'
import { memoryStorage } from '../support/memory-storage.ts'
import { POLICY } from '../support/policy.ts'
import type { Act } from './live-acts.ts'
import { asking, taking, type Consuming } from './live-consumers.ts'
import { doDeed, type Deed, type Place } from './live-deeds.ts'
import { NAMES, OFFICE } from './live-engine.ts'
import type { OpenHub } from './live-instance.ts'
import { checkedStream, Violation, type CheckedStream } from './live-stream.ts'
import { allSettled } from './live-time.ts'
import { listed, truth as truthOf } from './live-truth.ts'

/** Which of so many things happens next. */
export type Choose = (options: number) => number

export type Story = {
  /** One after another, each with all that follows from it. */
  readonly before: readonly Act[]
  /** In this order, and between any two of them whatever of what they set off is chosen. */
  readonly meanwhile: readonly Act[]
  /** Whether a read may fail as well as be answered. */
  readonly readsMayFail?: boolean
  /** Whether time may pass meanwhile. */
  readonly timeMayPass?: boolean
}

const BEAT_MS = 250
/** Less than it takes a hub that cannot read to hide everybody. */
const MOST_MEANWHILE_MS = 4000
const SURELY_SETTLED_AFTER_MS = 4000
const SNAPSHOT_EVERY_MS = 3000

type Step = () => unknown
/** A stream, and how it is let go. */
type Watching = Consuming & { readonly stream: CheckedStream }

/**
 * One hub on storage in memory of which every step waits until it is chosen: a hint that is on its way, a read until it sees what is
 * stored, its answer or its failure, a turn that the hub has asked for, a client who reads again. Each frame is held against what was
 * true when; when nothing is left to choose, every stream must show what a fresh look shows. Throws the `Violation` that it comes upon.
 */
export async function interleave(
  { before, meanwhile, readsMayFail = false, timeMayPass = false }: Story,
  choose: Choose,
  openHub: OpenHub = presenceHub,
): Promise<void> {
  const storage = memoryStorage()
  await storage.setClass(OFFICE)
  const users = NAMES.map((name) => parseUserId(name)!)
  const began = storage.clock.now()
  const now = (): number => storage.clock.now() - began
  const steps = new Set<Step>()
  /** Instead of the step: only where reads may fail. */
  const failureOf = new Map<Step, Step>()
  const ends: { readonly moment: number; readonly record: () => unknown }[] = []
  const firstAt = (moment: number, record: () => unknown): void => void ends.push({ moment, record })
  const time = { now, firstAt }
  const truth = truthOf(storage, time, users)
  const { scheduler, pass } = steppedTime({ steps, now, advance: storage.clock.advance })
  const violations: unknown[] = []

  const signals: Signals = {
    ...storage.signals,
    subscribeToAll: (listener) =>
      storage.signals.subscribeToAll((hint) => {
        steps.add(() => listener(hint))
      }),
    arrivedUntil: now,
  }
  const held = <Answer>(read: () => Promise<Answer>): Promise<Answer> =>
    new Promise((resolve, reject) => {
      steps.add(async () => {
        const answer = await read()
        const answered: Step = () => resolve(answer)
        failureOf.set(answered, () => reject(new Unavailable(new Error('unplugged'))))
        steps.add(answered)
      })
    })
  const live: LiveFacts = {
    look: (look) => held(() => storage.live.look(look)),
    factsOfPairs: (pairs) => held(() => storage.live.factsOfPairs(pairs)),
    contactFacts: (look) => held(() => storage.live.contactFacts(look)),
  }
  const hub = openHub({
    ...{ live, signals, ...POLICY, scheduler },
    snapshotEveryMs: SNAPSHOT_EVERY_MS,
    random: () => 0.5,
    onProblem: () => undefined,
  })
  const watching: Watching[] = []

  const open = async ({ watcher: number, users: wanted, asks }: Act & { act: 'open' }): Promise<void> => {
    const watcher = users[number]!
    await truth.watch(watcher)
    const interest = wanted === 'CONTACTS' ? wanted : { users: wanted.map((user) => users[user]!) }
    const at = { name: 'the hub', mayBeBlind: no, isSurelyBlind: no, isHealthySince: () => null }
    const stream = checkedStream({ watcher, interest, at, truth, time })
    const guarded = (work: () => void): void => {
      try {
        work()
      } catch (error) {
        violations.push(error)
      }
    }
    const consuming = (asks ? asking : taking)({
      hub,
      stream,
      take: (event) => guarded(() => stream.take(event)),
      interest,
      time: { now, at: (_, work) => (steps.add(work), () => steps.delete(work)) },
      random: { pick: ([first]) => first! },
      failed: (error) => guarded(() => stream.failed(error)),
    })
    watching.push({ stream, ...consuming })
  }

  let notes = 0
  const place: Place = {
    storage,
    users,
    now: storage.clock.now,
    endsIn: (ms) => truth.endsAt(now() + ms),
    newNote: () => `note ${(notes += 1)}`,
  }
  const take = async (act: Act): Promise<void> => {
    const whose = 'stream' in act ? watching[act.stream % Math.max(1, watching.length)] : undefined
    if (act.act === 'open') await open(act)
    else if (act.act === 'look away') whose?.lookAway(act.forMs)
    else if (act.act === 'close') {
      whose?.stream.close()
      whose?.close()
    } else {
      await doDeed(place, act as Deed)
      await truth.record()
    }
  }
  const happen = async (step: Step): Promise<void> => {
    steps.delete(step)
    await step()
    await allSettled()
    if (violations.length > 0) throw violations[0] as Error
  }
  const drain = async (): Promise<void> => {
    for (const step of steps) await happen(step)
  }
  const passBeat = async (): Promise<void> => {
    const until = now() + BEAT_MS
    for (const { moment, record } of ends.filter(({ moment }) => moment > now() && moment <= until)) {
      storage.clock.advance(Math.max(0, Math.ceil(moment) - now()))
      await record()
    }
    pass(until)
    await allSettled()
  }

  for (const act of before) {
    await take(act)
    await drain()
  }
  const story = [...meanwhile]
  while (story.length > 0 || steps.size > 0) {
    const [act] = story
    const failures = [...steps].flatMap((step) => {
      const failure = readsMayFail ? failureOf.get(step) : undefined
      return failure === undefined ? [] : [() => (steps.delete(step), failure())]
    })
    const options: Step[] = [
      ...(act === undefined ? [] : [() => take(story.shift()!)]),
      ...steps,
      ...failures,
      ...(timeMayPass && now() < MOST_MEANWHILE_MS ? [passBeat] : []),
    ]
    await happen(options[choose(options.length)]!)
  }

  for (const end = now() + SURELY_SETTLED_AFTER_MS; now() < end;) {
    await passBeat()
    await drain()
  }
  await truth.record()
  for (const { stream } of watching) expectFresh(stream, truth, users)
  hub.close()
}

function expectFresh(
  stream: CheckedStream,
  truth: ReturnType<typeof truthOf>,
  users: readonly UserId[],
): void {
  if (!stream.isOpen()) return
  const { watcher, interest } = stream
  if (truth.erasedAt(watcher) !== undefined)
    throw new Violation(`${stream.name} goes on, though its watcher was erased`)
  const shows = stream.shows()
  if (shows === null) throw new Violation(`${stream.name} has not begun`)
  const wanted =
    interest === 'CONTACTS' ? truth.contacts(watcher).values.at(-1) : listed(new Set(interest.users))
  if (listed(shows.keys()) !== wanted)
    throw new Violation(`${stream.name} is about ${listed(shows.keys())}, and should be about ${wanted}`)
  for (const presentity of users) {
    const fresh = truth.shown({ presentity, watcher }).values.at(-1)
    const shown = shows.get(presentity)
    if (shown !== undefined && shown !== fresh)
      throw new Violation(`${stream.name} shows ${presentity} ${shown}, and a fresh look ${fresh}`)
  }
}

function no(): boolean {
  return false
}

/** Time that passes when it is told to. What the hub wants done soon is a step of its own. */
function steppedTime({
  steps,
  now,
  advance,
}: {
  readonly steps: Set<Step>
  readonly now: () => number
  readonly advance: (ms: number) => void
}) {
  const timers = new Set<{ readonly at: number; readonly work: () => void }>()
  const scheduler: Scheduler = {
    now,
    soon: (work) => void steps.add(work),
    after(ms, work) {
      const timer = { at: now() + ms, work }
      timers.add(timer)
      return () => timers.delete(timer)
    },
  }
  const pass = (until: number): void => {
    advance(Math.max(0, until - now()))
    for (const timer of [...timers]) {
      if (timer.at > now()) continue
      timers.delete(timer)
      timer.work()
    }
  }
  return { scheduler, pass }
}
