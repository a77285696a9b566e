import { anyAct, KINDS, open, pairOf, publish, severalActs, USERS, WATCHERS, type Act } from './live-acts.ts'
import { anyMeeting, decisiveMeeting } from './live-meetings.ts'
import type { Random } from './live-random.ts'

export type TimedAct = { readonly at: number } & Act
export type Schedule = {
  readonly seed: number
  readonly users: number
  readonly instances: number
  readonly acts: readonly TimedAct[]
  /** When the last trouble ends. */
  readonly calmAt: number
}

export function scheduleOf(seed: number, random: Random): Schedule {
  const instances = random.pick([2, 2, 3, 4])
  const acts: TimedAct[] = []
  let at = 0
  const add = (act: Act): void => void acts.push({ at, ...act })

  for (let user = 0; user < USERS; user += 1) {
    if (random.chance(0.9)) add(publish(random, user))
    for (let watcher = 0; watcher < USERS; watcher += 1) {
      if (watcher === user || (watcher >= WATCHERS && random.chance(0.8))) continue
      const of = { presentity: user, watcher }
      if (random.chance(0.6))
        add({ act: 'allow', ...of, forMs: random.chance(0.2) ? random.between(500, 9000) : null })
      else if (random.chance(0.2)) add({ act: 'block', ...of })
      if (random.chance(0.4)) add({ act: 'add contact', ...of })
    }
  }
  const watched = Array.from({ length: random.between(2, 4) }, () => {
    const opening = open(random, instances)
    at += random.between(0, 100)
    add(opening)
    return opening
  })

  const pair = (): { presentity: number; watcher: number } => {
    const of = pairOf(random, random.pick(watched))
    return random.chance(0.2) ? { presentity: of.watcher, watcher: of.presentity } : of
  }
  const around = { pair, instances, watched }
  const addAll = (acts: readonly Act[]): void => {
    const gap = random.pick([0, 8, 30, 150, 300])
    for (const act of acts) {
      add(act)
      at += random.between(0, gap)
    }
  }
  const outage = (): void => {
    const stream = random.between(0, watched.length - 1)
    const looking = watched[stream]!
    const { on } = looking
    if (random.chance(0.4)) {
      const forMs = random.between(10_500, 14_000)
      const meeting = decisiveMeeting(random, { ...around, watched: [looking] }, 'a contact list moves')
      addAll([{ act: 'look away', stream, forMs }, ...meeting])
    }
    at += random.between(0, 300)
    add(
      random.chance(0.5)
        ? { act: 'reads become', on, reads: 'FAILING' }
        : { act: 'signals become', on, arrive: 'CUT' },
    )
    for (let left = 7; left > 0; left -= 1) {
      at += random.between(200, 3500)
      add(anyAct(random, KINDS, around))
    }
  }
  for (let left = random.between(1, 9); left > 0; left -= 1) {
    at += random.between(50, 1500)
    addAll(random.chance(0.4) ? anyMeeting(random, around) : severalActs(random, around))
  }
  if (random.chance(0.12)) outage()
  // What this leaves wrong, no later act puts right.
  at += random.between(50, 1500)
  addAll(decisiveMeeting(random, around))
  return { seed, users: USERS, instances, acts, calmAt: at + random.pick([0, 100, 1500]) }
}
