export type Gate = {
  /** Resolves with the answer at once, or when the gate is opened. A read passes before it is made, or with its answer. */
  passed<Answer>(answer: Answer): Promise<Answer>
  /** From now on holds all that come, or the next one alone. */
  close(whom?: 'ALL' | 'NEXT'): void
  /** Lets all go that wait. */
  open(): void
  /** The same, with an error for all of them. */
  fail(error: unknown): void
}

/** Holds reads back until a test lets them go. */
export function gate(): Gate {
  const waiting: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = []
  let left = 0
  const letAll = (go: (one: (typeof waiting)[number]) => void): void => {
    left = 0
    waiting.splice(0).forEach(go)
  }
  return {
    async passed(answer) {
      if (left > 0) {
        left -= 1
        await new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }))
      }
      return answer
    },
    close(whom = 'ALL') {
      left = whom === 'ALL' ? Infinity : 1
    },
    open() {
      letAll(({ resolve }) => {
        resolve()
      })
    },
    fail(error) {
      letAll(({ reject }) => {
        reject(error)
      })
    },
  }
}
