import { once } from 'node:events'
import { request, type ClientRequest, type IncomingMessage } from 'node:http'

export type StreamEvent = { readonly event: string; readonly data: unknown }

/** GraphQL over SSE by hand, for what a well-behaved client would not do or not show. */
export type RawStream = {
  readonly response: IncomingMessage
  /** The next event, in order, comments left out. Rejects when the stream ends before it comes. */
  next(): Promise<StreamEvent>
  /** All events so far, as they came. */
  readonly texts: readonly string[]
  /** How many comments have come. */
  comments(): number
  /** Resolves when the response has ended, well or not. */
  readonly ended: Promise<void>
  cut(): void
}

export type StreamQuestion = {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly operationName?: string
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
}

export function postStream(url: string, question: StreamQuestion): Promise<RawStream> {
  const { token, headers, ...operation } = question
  return begin(
    request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headersFor(question) },
    }),
    JSON.stringify(operation),
  )
}

export function getStream(url: string, question: StreamQuestion): Promise<RawStream> {
  return begin(request(addressOf(url, question), { headers: headersFor(question) }))
}

/** The operation in the address, as clients put it there. */
export function addressOf(url: string, { query, variables, operationName }: StreamQuestion): URL {
  const address = new URL(url)
  address.searchParams.set('query', query)
  if (variables !== undefined) address.searchParams.set('variables', JSON.stringify(variables))
  if (operationName !== undefined) address.searchParams.set('operationName', operationName)
  return address
}

function headersFor({ token, headers }: StreamQuestion): Record<string, string> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return { accept: 'text/event-stream', ...authorization, ...headers }
}

async function begin(sent: ClientRequest, body = ''): Promise<RawStream> {
  sent.on('error', () => undefined)
  sent.end(body)
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return readStream(response, () => sent.destroy())
}

function readStream(response: IncomingMessage, cut: () => void): RawStream {
  const events: StreamEvent[] = []
  const texts: string[] = []
  let comments = 0
  let rest = ''
  let over = false
  let wake = (): void => undefined
  response.on('data', (chunk: Buffer) => {
    const blocks = (rest + chunk.toString()).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      if (block.startsWith(':')) {
        comments += 1
        continue
      }
      texts.push(block)
      events.push(eventIn(block))
    }
    wake()
  })
  response.on('error', () => undefined)
  const ended = new Promise<void>((resolve) => {
    response.once('close', () => {
      over = true
      wake()
      resolve()
    })
  })
  return {
    response,
    texts,
    ended,
    cut,
    comments: () => comments,
    async next() {
      for (;;) {
        const event = events.shift()
        if (event !== undefined) return event
        if (over) throw new Error(`the stream ended with ${response.statusCode ?? '?'}: ${rest}`)
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}

function eventIn(block: string): StreamEvent {
  const fields = new Map(
    block
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const data = fields.get('data')
  return { event: fields.get('event') ?? '', data: data ? JSON.parse(data) : null }
}
