/**
 * Lets work that comes at the same time share a transaction: what comes in one turn of the event loop, or while one is under way,
 * goes into the next one, at most `most` at once. Two of the same key never share one, so that neither overwrites the other.
 *
 * When a transaction fails, all that share it fail.
 */
export function gather<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  { keyOf, most }: { readonly keyOf: (item: Item) => string; readonly most: number },
): (item: Item) => Promise<Result> {
  type Waiting = {
    readonly item: Item
    readonly resolve: (result: Result) => void
    readonly reject: (error: unknown) => void
  }
  let waiting: Waiting[] = []
  let isRunning = false

  const takeBatch = (): Waiting[] => {
    const batch = new Map<string, Waiting>()
    const later: Waiting[] = []
    for (const each of waiting) {
      const key = keyOf(each.item)
      if (batch.size < most && !batch.has(key)) batch.set(key, each)
      else later.push(each)
    }
    waiting = later
    return [...batch.values()]
  }

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = takeBatch()
      try {
        const results = await work(batch.map(({ item }) => item))
        batch.forEach(({ resolve }, place) => {
          resolve(results[place] as Result)
        })
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    isRunning = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (isRunning) return
      isRunning = true
      setImmediate(() => void run())
    })
}
