import { Readable } from 'node:stream'
import type { ExecutionResult, FormattedExecutionResult } from 'graphql'
import { asGraphQLError } from './as-graphql-error.ts'
import type { SubscriptionStream } from './subscription-stream.ts'

export const EVENT_STREAM_TYPE = 'text/event-stream; charset=utf-8'

/** Proxies close connections that are silent, mostly after a minute. What is sent in between depends on nothing but the clock. */
const KEEP_ALIVE_EVERY_MS = 12_000
/** A line that clients skip. */
const COMMENT = ':\n\n'
/** Without its data, a browser's EventSource would not tell of it. */
const COMPLETE = 'event: complete\ndata: \n\n'

/** A whole stream of GraphQL over SSE that holds one result, given as JSON. */
export function oneEvent(result: string): string {
  return nextEvent(result) + COMPLETE
}

/**
 * Results as GraphQL over SSE sends them, with a comment first, so that the client sees the stream open, and one every 12 s.
 *
 * The next result is asked for when the one before has been taken: a client that does not read costs one result and no queue. If
 * nothing is taken from one comment to the next though something waits, the stream is cut off. Whatever ends it ends the results.
 */
export function eventStream(
  results: Pick<SubscriptionStream, 'next' | 'return'>,
  present: (result: ExecutionResult) => FormattedExecutionResult,
): Readable {
  let asking = false
  let complete = false
  let taken = true

  /** The next piece of the stream, and whether it is the last. */
  const ask = async (): Promise<{ readonly piece: string; readonly last: boolean }> => {
    try {
      const { done, value } = await results.next()
      return done === true
        ? { piece: COMPLETE, last: true }
        : { piece: nextEvent(JSON.stringify(present(value))), last: false }
    } catch (error) {
      return { piece: oneEvent(JSON.stringify(present({ errors: [asGraphQLError(error)] }))), last: true }
    }
  }

  const stream = new Readable({
    highWaterMark: 0,
    read() {
      taken = true
      // A comment makes the reader ask again while an answer is still to come.
      if (asking) return
      asking = true
      void ask().then(({ piece, last }) => {
        asking = false
        if (stream.destroyed) return
        complete = last
        stream.push(piece)
        if (last) stream.push(null)
      })
    },
    destroy(error, done) {
      clearInterval(timer)
      void results.return()
      done(error)
    },
  })

  const timer = setInterval(() => {
    if (!taken && stream.readableLength > 0) {
      stream.destroy()
      return
    }
    taken = false
    if (!complete && stream.readableLength === 0) stream.push(COMMENT)
  }, KEEP_ALIVE_EVERY_MS)
  stream.push(COMMENT)
  return stream
}

function nextEvent(result: string): string {
  return `event: next\ndata: ${result}\n\n`
}
