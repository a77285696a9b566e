import type { FastifyError } from 'fastify'
import type { GraphQLFormattedError } from 'graphql'

export type HttpFailure = {
  readonly status: number
  readonly body: { readonly errors: readonly [GraphQLFormattedError] }
}

export function httpFailure(status: number, code: string, message: string): HttpFailure {
  return { status, body: { errors: [{ message, extensions: { code } }] } }
}

/** What is wrong with a request before anybody looks at what it asks; undefined if that is a fault of ours. */
export function faultOfRequest({ statusCode, code }: FastifyError): HttpFailure | undefined {
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
