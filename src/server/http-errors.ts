import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionError, FastifyError } from 'fastify'
import type { GraphQLFormattedError } from 'graphql'

export type HttpFailure = {
  readonly status: number
  readonly body: { readonly errors: readonly [GraphQLFormattedError] }
}

export function httpFailure(status: number, code: string, message: string): HttpFailure {
  return { status, body: { errors: [{ message, extensions: { code } }] } }
}

/** A request that ends before it is an operation, and what its client is told. */
export class UnreadableRequest extends Error {
  override readonly name = 'UnreadableRequest'
  readonly statusCode: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.statusCode = status
    this.code = code
  }
}

/** What is wrong with a request whose operation has not been read yet. Undefined if the fault is on this side. */
export function faultOfRequest(error: FastifyError): HttpFailure | undefined {
  const { statusCode, code, message } = error
  if (error instanceof UnreadableRequest) return httpFailure(error.statusCode, code, message)
  switch (statusCode) {
    case 413:
      return httpFailure(413, 'REQUEST_TOO_LARGE', 'The body of a request has at most 1 MB.')
    case 415:
      return httpFailure(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the request as application/json.')
    case 503:
      return httpFailure(503, 'SHUTTING_DOWN', 'This instance is about to stop. Send the request again.')
    case 400:
      return code.includes('JSON') || code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH'
        ? httpFailure(400, 'BAD_REQUEST', 'The body is not JSON.')
        : httpFailure(400, 'BAD_REQUEST', 'The request cannot be read.')
    default:
      return statusCode !== undefined && statusCode >= 400 && statusCode < 500
        ? httpFailure(statusCode, 'BAD_REQUEST', 'The request cannot be read.')
        : undefined
  }
}

/** Answers bytes that never become a request: the address and headers are too long, or are no HTTP. */
export function answerUnreadable({ code }: ConnectionError, socket: Socket): void {
  const { status, body } = unreadable(code)
  const text = JSON.stringify(body)
  const head = [
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${String(Buffer.byteLength(text))}`,
  ]
  if (code !== 'ECONNRESET' && socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${text}`)
  socket.destroy()
}

function unreadable(code: string): HttpFailure {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return httpFailure(
        431,
        'REQUEST_TOO_LARGE',
        'The address and headers of a request have at most 16 KB. Send long operations by POST.',
      )
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return httpFailure(408, 'BAD_REQUEST', 'The request did not come to its end in time.')
    default:
      return httpFailure(400, 'BAD_REQUEST', 'The request cannot be read.')
  }
}
