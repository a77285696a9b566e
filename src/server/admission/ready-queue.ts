/** Things in the order of their tags, the smallest first: a binary heap. Each thing stands in it at most once. */
export type ReadyQueue<Thing extends { tag: number }> = {
  readonly push: (thing: Thing) => void
  readonly pop: () => Thing | undefined
  readonly size: () => number
}

export function readyQueue<Thing extends { tag: number }>(): ReadyQueue<Thing> {
  const heap: Thing[] = []
  const tagAt = (place: number): number => heap[place]?.tag ?? Infinity

  const swap = (one: number, other: number): void => {
    const thing = heap[one] as Thing
    heap[one] = heap[other] as Thing
    heap[other] = thing
  }

  const sink = (from: number): void => {
    for (let place = from; ;) {
      const left = 2 * place + 1
      const smaller = tagAt(left + 1) < tagAt(left) ? left + 1 : left
      if (tagAt(place) <= tagAt(smaller)) return
      swap(place, smaller)
      place = smaller
    }
  }

  return {
    push(thing) {
      let place = heap.push(thing) - 1
      while (place > 0) {
        const parent = (place - 1) >> 1
        if (tagAt(parent) <= tagAt(place)) return
        swap(parent, place)
        place = parent
      }
    },
    pop() {
      const first = heap[0]
      const last = heap.pop()
      if (heap.length > 0 && last !== undefined) {
        heap[0] = last
        sink(0)
      }
      return first
    },
    size: () => heap.length,
  }
}
