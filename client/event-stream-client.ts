import { createClient, type Client, type ExecutionResult, type RequestParams } from 'graphql-sse'
import { staySubscribed, type OnConnection } from './stay-subscribed.ts'

/** The server sends something every 12 s, if only a comment. */
const SILENT_AFTER_MS = 30_000

export type EventStreamClientOptions = {
  /** https://… of the gateway, or of the presence subgraph itself. */
  readonly url: string
  /** Asked at every connection, so that a token that has expired is replaced: hand out one that is good for a while. */
  readonly freshToken: () => string | Promise<string>
  readonly onConnection?: OnConnection<RequestParams>
}

/** The same over SSE, for networks that let no WebSocket through. Each subscription is a request of its own: have HTTP/2 in front. */
export function eventStreamClient({ url, freshToken, onConnection }: EventStreamClientOptions): Client {
  const client = createClient({
    url,
    headers: async () => ({ authorization: `Bearer ${await freshToken()}` }),
    // Whatever ends a stream, the wait for the next one is ours.
    retryAttempts: 0,
    fetchFn: fetchUnlessSilent,
  })

  const staying = staySubscribed<RequestParams, ExecutionResult>(
    (request, sink) => client.subscribe(request, sink),
    onConnection,
  )
  return {
    subscribe: staying.subscribe as Client['subscribe'],
    iterate: staying.iterate as Client['iterate'],
    dispose() {
      staying.end()
      client.dispose()
    },
  }
}

/** A connection that breaks without a word is silent for ever, and the client would wait for as long. */
async function fetchUnlessSilent(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init)
  if (response.body === null) return response
  let silent: ReturnType<typeof setTimeout> | undefined
  const heard = (controller: TransformStreamDefaultController<Uint8Array>): void => {
    clearTimeout(silent)
    silent = setTimeout(() => controller.error(new Error('nothing was heard for too long')), SILENT_AFTER_MS)
  }
  init.signal?.addEventListener('abort', () => clearTimeout(silent))
  const watched = new TransformStream<Uint8Array, Uint8Array>({
    start: heard,
    transform(chunk, controller) {
      heard(controller)
      controller.enqueue(chunk)
    },
    flush: () => clearTimeout(silent),
  })
  return new Response(response.body.pipeThrough(watched), response)
}
