import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyReply, FastifyRequest, RequestPayload } from 'fastify'
import { jsonWeight } from '../graphql/operation-weight.ts'
import { isIdentityFailure } from '../identity/identity.ts'
import { isRefusal } from './admission/admission.ts'
import type { Admissions } from './admission/admissions.ts'
import type { Refusal, Work } from './admission/ticket.ts'
import { asError } from './as-graphql-error.ts'
import { EXCESSIVE, jsonExcess, jsonParts } from './bounded-json.ts'
import { ACCEPTED_ENCODINGS, boundedBody } from './content-encoding.ts'
import { MAX_MESSAGE_BYTES } from './http.ts'
import { UnreadableRequest } from './http-errors.ts'
import type { RequestCallers } from './identify-requests.ts'

/** The most bytes of a body without identity: a document at its limit, and room for what JSON adds by escapes. */
const MAX_ANONYMOUS_BODY_BYTES = 64 * 1024
/** The most texts, objects and lists of a body without identity. Public operations have a document and a variable or two. */
const MAX_ANONYMOUS_PARTS = 1000
const ANONYMOUS = { maxParts: MAX_ANONYMOUS_PARTS }

/** A body is larger than that of any public operation. The server reads no more of it. */
export class NotPublic extends Error {
  override readonly name = 'NotPublic'
}

/** The caller's allowance has no room for parsing a large body. */
export class BodyNotAdmitted extends Error {
  override readonly name = 'BodyNotAdmitted'
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super('the body was not admitted')
    this.refusal = refusal
  }
}

export type BodyReading = {
  /** A hook: waits for the caller, and opens the body within the bounds that this one has. */
  readonly open: (
    request: FastifyRequest,
    reply: FastifyReply,
    payload: RequestPayload,
    done: (error: Error | null, payload?: RequestPayload) => void,
  ) => void
}

/**
 * Reads bodies as JSON in UTF-8. It refuses a body that is not UTF-8 before it is parsed: each wrong byte would become U+FFFD, so two
 * different bodies would name one user. A large body is parsed when its caller's allowance has room for that.
 */
export function readBodies(
  http: FastifyInstance,
  { callers, admissions }: { readonly callers: RequestCallers; readonly admissions: Admissions },
): BodyReading {
  const parseJson = http.getDefaultJsonParser('error', 'error')
  http.removeContentTypeParser(['application/json', 'text/plain'])
  http.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const fault = faultOf(request.headers['content-type'], body)
    if (fault !== undefined) {
      done(fault)
      return
    }
    const text = body.toString('utf8')
    const isAnonymous = callers.isAnonymous(request)
    const parts = jsonParts(text)
    const excess = jsonExcess(parts, isAnonymous ? ANONYMOUS : undefined)
    const weight = jsonWeight(parts, text.length)
    if (excess === undefined && weight > 0 && !isAnonymous) {
      refusalOf(request, { weight, bytes: () => text.length }).then(
        (refusal) => {
          if (refusal === undefined) void parseJson(request, text, done)
          else done(new BodyNotAdmitted(refusal))
        },
        (fault: unknown) => done(asError(fault)),
      )
    } else if (excess === undefined) void parseJson(request, text, done)
    else if (excess === 'parts' && isAnonymous) done(new NotPublic())
    else done(new UnreadableRequest(400, 'BAD_REQUEST', EXCESSIVE[excess]))
  })

  /** Waits until the caller may have a body parsed; undefined when that is so. */
  const refusalOf = async (request: FastifyRequest, work: Work): Promise<Refusal | undefined> => {
    const caller = await callers.of(request)
    if (isIdentityFailure(caller)) return undefined
    const place = await admissions.place(caller, work)
    if (isRefusal(place)) return place
    place.leave()
    return undefined
  }

  const opened = ({ headers }: FastifyRequest, payload: RequestPayload, isAnonymous: boolean) => {
    const length = Number(headers['content-length'] ?? 0)
    // A body that is too large for every caller is refused for its size, before any of it is read.
    if (length > MAX_MESSAGE_BYTES) return payload
    if (isAnonymous && length > MAX_ANONYMOUS_BODY_BYTES) throw new NotPublic()
    return boundedBody(headers, payload, {
      maxBytes: isAnonymous ? MAX_ANONYMOUS_BODY_BYTES : Infinity,
      tooLarge: () => new NotPublic(),
    })
  }

  return {
    open(request, reply, payload, done) {
      const caller = callers.of(request)
      if (!(caller instanceof Promise) && !isIdentityFailure(caller) && isPlain(request)) {
        done(null, payload)
        return
      }
      Promise.resolve(caller)
        .then((known) => opened(request, payload, isIdentityFailure(known)))
        .then(
          (body) => done(null, body),
          (error: unknown) => {
            void reply.header('accept-encoding', ACCEPTED_ENCODINGS)
            done(asError(error))
          },
        )
    },
  }
}

/** Whether the body is not compressed. Fastify's own bound then suffices. */
function isPlain({ headers }: FastifyRequest): boolean {
  return headers['content-encoding'] === undefined
}

function faultOf(contentType: string | undefined, body: Buffer): UnreadableRequest | undefined {
  const [, charset = 'utf-8'] = contentType === JSON_TYPE ? [] : (CHARSET.exec(contentType ?? '') ?? [])
  if (!UTF_8.test(charset))
    return new UnreadableRequest(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the request in UTF-8.')
  return isUtf8(body)
    ? undefined
    : new UnreadableRequest(400, 'BAD_REQUEST', 'The body is not UTF-8. Send JSON in UTF-8.')
}

const JSON_TYPE = 'application/json'
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]*)/i
const UTF_8 = /^utf-?8$/i
