/** Work that is done again and again until it is stopped. */
export type Repetition = {
  /** Settles when the work that was under way has seen `stopped` and ended. Nothing is begun afterwards. */
  readonly stop: () => Promise<void>
}

/**
 * Does `work` every so often, for the first time after a part of that time: instances that start together do not work together, and
 * drift apart further. Work never overlaps with itself. What it throws is told to `onProblem`, and it is done again in its turn.
 */
export function repeatedly(
  work: (stopped: AbortSignal) => Promise<unknown>,
  { everyMs, onProblem }: { readonly everyMs: number; readonly onProblem: (error: unknown) => void },
): Repetition {
  const stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout

  const again = (): void => {
    timer = setTimeout(
      () => {
        running = work(stopping.signal)
          .then(() => undefined, onProblem)
          .then(() => {
            if (!stopping.signal.aborted) again()
          })
      },
      everyMs * (0.5 + Math.random() / 2),
    )
  }
  again()

  return {
    stop() {
      stopping.abort()
      clearTimeout(timer)
      return running
    },
  }
}
