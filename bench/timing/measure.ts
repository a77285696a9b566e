import { setTimeout as pause } from 'node:timers/promises'
import type { Exchange } from './exchange.ts'
import { shuffled, type Cause, type Scenario } from './scenario.ts'

/** Times of each cause by its name, in microseconds, in the order in which they were taken. */
export type Times = ReadonlyMap<string, readonly number[]>

/**
 * Takes samples of all causes in turns: one of each, in an order of its own each time, so that whatever else the machine does meets all
 * alike. The first turns warm up and are left out; nothing else is.
 */
export async function takeSamples(
  { exchange, beside }: { readonly exchange: Exchange; readonly beside: Exchange },
  { causes, again, planted }: Scenario,
  {
    samples,
    warmUp,
    random,
  }: { readonly samples: number; readonly warmUp: number; readonly random: () => number },
): Promise<Times> {
  const all: readonly Cause[] = [...causes, again, planted]
  const times = new Map(all.map(({ name }) => [name, [] as number[]]))
  let answer: string | null = null
  for (let turn = -warmUp; turn < samples; turn++) {
    for (const { name, request, meanwhile } of shuffled(all, random)) {
      const other = meanwhile?.(turn + warmUp)
      const doing = other && beside.ask(other.request)
      // A failure is thrown where it is waited for.
      doing?.catch(() => undefined)
      if (other !== undefined) await pause(other.lagMs)
      const { us, body } = await exchange.ask(request(turn + warmUp))
      await doing
      answer ??= body
      if (body !== answer) throw new Error(`${name} is answered by ${body}, and others by ${answer}`)
      if (turn >= 0) times.get(name)?.push(us)
    }
  }
  return times
}
