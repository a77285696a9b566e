import type { Line } from './line.ts'

export type Paced = {
  /** From the moment at which each request was due, so that waiting for a free line, or for a clock that is late, is part of it. */
  readonly latenciesMs: readonly number[]
  /** How late requests left that found a free line: what the clients' own process adds. */
  readonly latenessMs: readonly number[]
}

/** Begins requests at even intervals, on whichever line is free; what finds none waits for one. */
export async function atPace(
  lines: readonly Line[],
  { perSecond, ms }: { readonly perSecond: number; readonly ms: number },
  ask: (line: Line, place: number) => Promise<unknown>,
): Promise<Paced> {
  const count = Math.floor((perSecond * ms) / 1000)
  const free = [...lines]
  const waiting: number[] = []
  const latenciesMs: number[] = []
  const latenessMs: number[] = []
  const began = performance.now()
  const dueAt = (place: number): number => began + (place * 1000) / perSecond
  return new Promise((resolve, reject) => {
    const start = (line: Line, place: number): void => {
      ask(line, place).then(() => {
        latenciesMs.push(performance.now() - dueAt(place))
        if (latenciesMs.length === count) resolve({ latenciesMs, latenessMs })
        const next = waiting.shift()
        if (next === undefined) free.push(line)
        else start(line, next)
      }, reject)
    }
    let place = 0
    const tick = (): void => {
      for (const now = performance.now(); place < count && dueAt(place) <= now; place++) {
        const line = free.pop()
        if (line === undefined) {
          waiting.push(place)
        } else {
          latenessMs.push(now - dueAt(place))
          start(line, place)
        }
      }
      if (place < count) setTimeout(tick, Math.max(0, dueAt(place) - performance.now()))
    }
    tick()
  })
}
