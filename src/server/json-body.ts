import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { EXCESSIVE, jsonExcess } from './bounded-json.ts'
import { UnreadableRequest } from './http-errors.ts'

/**
 * Reads bodies as JSON in UTF-8, and refuses what is neither before it is parsed: bytes that are no UTF-8 become U+FFFD in a text, so that
 * two bodies would name one user.
 */
export function readJsonBodies(http: FastifyInstance): void {
  const parseJson = http.getDefaultJsonParser('error', 'error')
  http.removeContentTypeParser(['application/json', 'text/plain'])
  http.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const fault = faultOf(request.headers['content-type'], body)
    if (fault !== undefined) return done(fault)
    const text = body.toString('utf8')
    const excess = jsonExcess(text)
    if (excess !== undefined) return done(new UnreadableRequest(400, 'BAD_REQUEST', EXCESSIVE[excess]))
    void parseJson(request, text, done)
  })
}

function faultOf(contentType: string | undefined, body: Buffer): UnreadableRequest | undefined {
  const [, charset = 'utf-8'] = CHARSET.exec(contentType ?? '') ?? []
  if (!/^utf-?8$/i.test(charset))
    return new UnreadableRequest(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the request in UTF-8.')
  return isUtf8(body)
    ? undefined
    : new UnreadableRequest(400, 'BAD_REQUEST', 'The body is not UTF-8. Send JSON in UTF-8.')
}

const CHARSET = /;\s*charset\s*=\s*"?([^\s";]*)/i
