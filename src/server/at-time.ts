/** The longest delay that a timer takes; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Runs `act` when the clock reaches `moment` (epoch milliseconds), however far that is. Returns how to call it off. */
export function atTime(moment: number, act: () => void): () => void {
  let timer: NodeJS.Timeout
  const wait = (): void => {
    const left = moment - Date.now()
    timer = left <= LONGEST_TIMER_MS ? setTimeout(act, Math.max(left, 0)) : setTimeout(wait, LONGEST_TIMER_MS)
  }
  wait()
  return () => {
    clearTimeout(timer)
  }
}
