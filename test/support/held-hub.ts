import { setImmediate as nextTurn } from 'node:timers/promises'
import { hintListeners } from '../../src/application/hint-listeners.ts'
import type { PrivacyLists, Signals } from '../../src/application/ports.ts'
import { decideAccess, type DecideAccess } from '../../src/application/manage-decisions.ts'
import { publishPresence, type Said } from '../../src/application/publish-presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { presenceHub } from '../../src/live/presence-hub.ts'
import { watchIncoming } from '../../src/live/watch-incoming.ts'
import { memoryStorage } from './memory-storage.ts'
import { NEVER_MS, POLICY } from './policy.ts'

/** Of time, only a beat is known: a snapshot is due at the first that passes. */
const SNAPSHOT_EVERY_MS = 1000
const BEAT_MS = 250

/** Which of so many things happens next. */
export type Choose = (options: number) => number

type Step = () => unknown
export type HeldHub = ReturnType<typeof heldHub>

/**
 * A hub, and popups beside it, on storage in memory of which each step waits until it is chosen: a hint that is on its way, a read until
 * it sees what is stored, its answer, a turn that the hub has asked for. Hints keep their order, as they do on a connection. Frames are
 * noted with the number of the step that they came in: those of one step are one group.
 */
export function heldHub() {
  const storage = memoryStorage()
  const steps = new Set<Step>()
  const hints: Step[] = []
  const frames: { readonly step: number; readonly frame: string }[] = []
  let step = 0
  let now = 0
  const timers = new Set<Step>()
  const later = (work: Step) => {
    timers.add(work)
    return () => timers.delete(work)
  }

  const held = <Answer>(read: () => Promise<Answer>): Promise<Answer> =>
    new Promise((resolve) => {
      steps.add(async () => {
        const answer = await read()
        steps.add(() => resolve(answer))
      })
    })
  // Whoever listens hears a hint in the same turn, as from a connection.
  const { deliver, ...listeners } = hintListeners()
  storage.signals.subscribeToAll((hint) => void hints.push(() => deliver(hint)))
  const signals: Signals = { ...listeners, arrivedUntil: () => now }
  const { live } = storage
  const hub = presenceHub({
    live: {
      look: (look) => held(() => live.look(look)),
      factsOfPairs: (pairs) => held(() => live.factsOfPairs(pairs)),
      contactFacts: (look) => held(() => live.contactFacts(look)),
    },
    signals,
    ...POLICY,
    scheduler: { now: () => now, soon: (work) => void steps.add(work), after: (_, work) => later(work) },
    snapshotEveryMs: SNAPSHOT_EVERY_MS,
    random: () => 0.1,
    onProblem: (error) => {
      throw error
    },
  })
  const lists: PrivacyLists = { ...storage.lists, popup: (of) => held(() => storage.lists.popup(of)) }

  const happen = async (chosen: Step): Promise<void> => {
    step += 1
    await chosen()
    await nextTurn()
  }
  const options = (): Step[] => {
    const [hint] = hints
    return [...steps, ...(hint === undefined ? [] : [() => hints.shift()!()])].map((one) => () => {
      steps.delete(one)
      return one()
    })
  }
  const note = (name: string, event: object): void => {
    frames.push({ step, frame: `${name} ${JSON.stringify(event)}` })
  }

  return {
    storage,
    hub,
    watch(watcher: UserId, users: readonly UserId[], name: string): void {
      hub.open({
        watcher,
        interest: { users },
        sink: {
          isReady: () => true,
          deliver(event) {
            if (event.change === 'REMOVED') return
            for (const { user, presence } of event.presences)
              note(name, { [event.change]: user, as: presence.status })
          },
          fail: (error) => note(name, { failed: String(error) }),
        },
      })
    },
    /** Returns how to close it. */
    popup(user: UserId): () => Promise<unknown> {
      const turns = { inTurn: hub.inTurn, snapshotEveryMs: NEVER_MS }
      const events = watchIncoming({ lists, signals, hub: turns }, user)
      void (async () => {
        for await (const { change } of events) note('popup', { change })
      })()
      return async () => events.return?.()
    },
    passBeat(): void {
      now += BEAT_MS
      for (const work of [...timers]) {
        timers.delete(work)
        work()
      }
    },
    publish: (user: UserId, said: Partial<Said> = {}) =>
      publishPresence(
        { ...storage, ...POLICY },
        {
          ...{ user, session: 'device', status: 'AVAILABLE', activity: null, note: null, leaseMs: 600_000 },
          ...said,
        },
      ),
    decide: ({
      presentity,
      watcher,
      verdict,
    }: Pick<DecideAccess, 'presentity' | 'verdict'> & { watcher: UserId }) =>
      decideAccess(storage.privacy, { presentity, watchers: [watcher], verdict, endsAt: null }),
    /** Takes the acts in their order, and between them and after them whatever is chosen. Returns the frames, in groups. */
    async interleave(acts: readonly (() => unknown)[], choose: Choose): Promise<string> {
      frames.length = 0
      const left = [...acts]
      for (;;) {
        const possible = options()
        if (left.length > 0) possible.unshift(() => left.shift()!())
        if (possible.length === 0) break
        await happen(possible[choose(possible.length)]!)
      }
      return frames
        .map(
          ({ step, frame }, place) => `${place > 0 && frames[place - 1]?.step !== step ? '| ' : ''}${frame}`,
        )
        .join(' ')
    },
  }
}
