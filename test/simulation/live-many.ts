import { scheduleOf, type Schedule, type TimedAct } from './live-plan.ts'
import { seededRandom } from './live-random.ts'
import { takeSchedule, type Taking } from './live-schedule.ts'
import { Violation } from './live-stream.ts'

/** A schedule that breaks a promise. */
export type Found = {
  readonly seed: number
  readonly schedule: Schedule
  readonly violation: Violation
  readonly taking: Taking
}

/** Takes the schedules of so many seeds, one after another, until one breaks a promise; that is none, or the first. */
export async function takeMany({
  from,
  count,
  onProgress = () => undefined,
  ...taking
}: {
  readonly from: number
  readonly count: number
  readonly onProgress?: (done: number) => void
} & Taking): Promise<Found | null> {
  for (let seed = from; seed < from + count; seed += 1) {
    const schedule = scheduleOf(seed, seededRandom(seed))
    const violation = await violationOf(schedule, taking)
    if (violation !== null) return { seed, schedule, violation, taking }
    onProgress(seed - from + 1)
    // A schedule leaves no time to anybody else.
    if (seed % 20 === 0) await new Promise(setImmediate)
  }
  return null
}

/** What is left of it when all is left out that it does without, in words. */
export async function inWords(found: Found): Promise<string> {
  const { seed, schedule, violation } = await shortened(found)
  const acts = schedule.acts.map(({ at, act, ...what }) => `  ${at} ms: ${act} ${JSON.stringify(what)}`)
  return [
    `${found.violation.message}; or, ${violation.message}`,
    `in this schedule over ${schedule.instances} instances, which is what is left of seed ${seed}:`,
    ...acts,
    `  ${schedule.calmAt} ms: all is well again`,
    `SIMULATION_SEED=${seed} npx vitest run test/simulation/live takes it again`,
  ].join('\n')
}

async function violationOf(schedule: Schedule, taking: Taking): Promise<Violation | null> {
  try {
    await takeSchedule(schedule, taking)
    return null
  } catch (error) {
    if (error instanceof Violation) return error
    throw new Error(`the schedule of seed ${schedule.seed} cannot be taken`, { cause: error })
  }
}

/** Leaves out acts for as long as any promise is still broken without them: first many at once, then each. */
async function shortened(found: Found): Promise<Found> {
  let best = found
  for (let size = found.schedule.acts.length; size >= 1; size = Math.floor(size / 2)) {
    for (let first = 0; first < best.schedule.acts.length;) {
      const acts: readonly TimedAct[] = best.schedule.acts.toSpliced(first, size)
      const schedule = { ...best.schedule, acts }
      const violation = await violationOf(schedule, found.taking)
      if (violation === null) first += size
      else best = { ...best, schedule, violation }
    }
  }
  return best
}
