import { EXCESSIVE, jsonExcess, jsonParts } from '../bounded-json.ts'
import { asciiJson, type AsciiJson } from './ascii-json.ts'
import type { MessageSize } from './service.ts'

/** The name of the protocol among the subprotocols of WebSocket. */
export const SUBPROTOCOL = 'graphql-transport-ws'

/** An operation as its client asks for it. */
export type OperationRequest = {
  /** Left out where `extensions` name the document by its hash. */
  readonly query?: string | null
  readonly operationName?: string | null
  readonly variables?: Readonly<Record<string, unknown>> | null
  readonly extensions?: Readonly<Record<string, unknown>> | null
}

/** What a client may send. */
export type ClientMessage =
  | { readonly type: 'connection_init' | 'ping' | 'pong'; readonly payload?: object | null }
  | { readonly type: 'subscribe'; readonly id: string; readonly payload: OperationRequest }
  | { readonly type: 'complete'; readonly id: string }

/** An id stands in every result of its operation. Clients take numbers and UUIDs. */
const MAX_ID_LENGTH = 1000

/** What is wrong with a message, in words for its sender that quote nothing of it. */
export type Malformed = { readonly malformed: string }

/** Hands a message over at once, or as soon as it is the `turn` of so large a message to be parsed. */
export function parseInTurn(
  data: Buffer,
  {
    isBinary,
    turn,
    whenParsed,
  }: {
    readonly isBinary: boolean
    readonly turn: (size: MessageSize) => Promise<void> | undefined
    readonly whenParsed: (message: ClientMessage | Malformed) => void
  },
): Promise<void> | undefined {
  // ws has checked that it is UTF-8.
  const text = isBinary ? '' : data.toString('utf8')
  const parts = jsonParts(text)
  const parse = (): void =>
    whenParsed(isBinary ? { malformed: 'Message is binary, not text' } : parseMessage(text, parts))
  const admitted = turn({ parts, characters: text.length })
  if (admitted !== undefined) return admitted.then(parse)
  parse()
  return undefined
}

function parseMessage(text: string, parts: number): ClientMessage | Malformed {
  const excess = jsonExcess(parts)
  if (excess !== undefined) return { malformed: EXCESSIVE[excess] }
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return { malformed: 'Message is not JSON' }
  }
  if (!isObject(message)) return { malformed: 'Message is not an object' }
  const fault = faultOf(message)
  return fault === undefined ? (message as ClientMessage) : { malformed: fault }
}

function faultOf({ type, id, payload }: Record<string, unknown>): string | undefined {
  switch (type) {
    case 'connection_init':
    case 'ping':
    case 'pong':
      return isNullish(payload) || isObject(payload) ? undefined : `"payload" of ${type} is not an object`
    case 'subscribe':
      return faultOfId(type, id) ?? faultOfRequest(payload)
    case 'complete':
      return faultOfId(type, id)
    default:
      return 'Message is of no type that a client sends'
  }
}

function faultOfId(type: string, id: unknown): string | undefined {
  if (typeof id !== 'string' || id === '') return `"id" of ${type} is not a text, or empty`
  return id.length <= MAX_ID_LENGTH ? undefined : `"id" of ${type} has more than ${MAX_ID_LENGTH} characters`
}

function faultOfRequest(payload: unknown): string | undefined {
  if (!isObject(payload)) return '"payload" of subscribe is not an object'
  const { query, operationName, variables, extensions } = payload
  const hasHash = isObject(extensions) && isObject(extensions['persistedQuery'])
  if (typeof query !== 'string' && !(hasHash && isNullish(query))) return '"query" of subscribe is not a text'
  if (!isNullish(operationName) && typeof operationName !== 'string')
    return '"operationName" of subscribe is not a text'
  if (!isNullish(variables) && !isObject(variables)) return '"variables" of subscribe is not an object'
  if (!isNullish(extensions) && !isObject(extensions)) return '"extensions" of subscribe is not an object'
  return undefined
}

function isNullish(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export const CONNECTION_ACK = asciiJson({ type: 'connection_ack' })

export function pongMessage(payload: object | null | undefined): AsciiJson {
  return asciiJson({ type: 'pong', ...(!isNullish(payload) && { payload }) })
}

export function nextMessage(id: AsciiJson, payload: AsciiJson): AsciiJson {
  return `{"id":${id},"type":"next","payload":${payload}}` as AsciiJson
}

export function errorMessage(id: AsciiJson, errors: AsciiJson): AsciiJson {
  return `{"id":${id},"type":"error","payload":${errors}}` as AsciiJson
}

export function completeMessage(id: AsciiJson): AsciiJson {
  return `{"id":${id},"type":"complete"}` as AsciiJson
}
