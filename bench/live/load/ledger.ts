import type { Sight } from './line.ts'

const TOO_LONG_MS = 20_000

type Outstanding = {
  readonly user: string
  readonly began: number
  awaited: number
  acknowledged: boolean
  shownLast: number
  readonly done: () => void
}

/** A change that everybody has been told of, in milliseconds of this process' clock. */
export type Done = { readonly began: number; readonly shownLast: number }

export type Record = { readonly user: string; readonly sight: Sight }

/** What was published and who has not yet been told. Knows of every frame whether it was due. */
export function ledger({ acknowledges }: { readonly acknowledges: boolean }) {
  const byNumber = new Map<number, Outstanding>()
  const unacknowledged = new Map<string, Outstanding>()
  let strays = 0
  let shownAt = performance.now()
  let records: Record[] | null = null

  const settle = (number: number, one: Outstanding): void => {
    if (one.awaited > 0 || !one.acknowledged) return
    byNumber.delete(number)
    one.done()
  }

  return {
    /** Settles when so many have been told, and the publisher that it is done. */
    expect(
      number: number,
      { user, watchers }: { readonly user: string; readonly watchers: number },
    ): Promise<Done> {
      return new Promise((resolve, reject) => {
        const began = performance.now()
        const tooLong = setTimeout(() => {
          reject(
            new Error(
              `change ${number} of ${user}: ${one.awaited} were not told, acknowledged: ${one.acknowledged}`,
            ),
          )
        }, TOO_LONG_MS)
        const done = (): void => {
          clearTimeout(tooLong)
          resolve(one)
        }
        const one: Outstanding = {
          user,
          began,
          awaited: watchers,
          acknowledged: !acknowledges,
          shownLast: began,
          done,
        }
        byNumber.set(number, one)
        if (acknowledges) unacknowledged.set(user, one)
        if (one.awaited === 0 && one.acknowledged) settle(number, one)
      })
    },
    shown: (user: string, number: number, read: () => readonly Sight[]): void => {
      shownAt = performance.now()
      records?.push(...read().map((sight) => ({ user, sight })))
      const one = byNumber.get(number)
      if (one === undefined || one.awaited === 0) {
        strays += 1
        return
      }
      one.awaited -= 1
      one.shownLast = shownAt
      if (one.awaited === 0) settle(number, one)
    },
    acknowledged: (user: string): void => {
      const one = unacknowledged.get(user)
      if (one === undefined) return
      unacknowledged.delete(user)
      one.acknowledged = true
      // Whom nobody watches is done now.
      if (one.awaited === 0 && one.shownLast === one.began) one.shownLast = performance.now()
      for (const [number, each] of byNumber) if (each === one) settle(number, one)
    },
    /** Frames that were not due since this was asked last. */
    takeStrays(): number {
      const taken = strays
      strays = 0
      return taken
    },
    /** Keeps what is shown meanwhile. */
    async record(work: () => Promise<unknown>): Promise<readonly Record[]> {
      const kept: Record[] = []
      records = kept
      await work()
      await this.silence(250)
      records = null
      return kept
    },
    async silence(ms: number): Promise<void> {
      const until = performance.now() + 2 * TOO_LONG_MS
      do await new Promise((resolve) => setTimeout(resolve, ms))
      while (performance.now() - shownAt < ms && performance.now() < until)
    },
  }
}
