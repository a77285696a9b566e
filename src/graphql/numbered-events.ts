import { randomUUID } from 'node:crypto'

/** An event with its place: on which stream it is sent, and as which of that stream, from 1. */
export type Numbered<Event> = {
  readonly event: Event
  readonly streamId: string
  readonly sequence: number
}

/** Events that are asked for one after another, each with its place on this one stream. Whatever else the source can do is left to it. */
export function numberedEvents<Event, Source extends AsyncIterableIterator<Event>>(
  source: Source,
): Omit<Source, 'next'> & AsyncIterableIterator<Numbered<Event>> {
  const streamId = randomUUID()
  let sequence = 0
  const numbered = {
    ...source,
    async next(): Promise<IteratorResult<Numbered<Event>>> {
      const result = await source.next()
      if (result.done === true) return result
      sequence += 1
      return { done: false, value: { event: result.value, streamId, sequence } }
    },
    [Symbol.asyncIterator]: () => numbered,
  }
  return numbered as Omit<Source, 'next'> & AsyncIterableIterator<Numbered<Event>>
}
