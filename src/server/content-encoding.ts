import type { IncomingHttpHeaders } from 'node:http'
import { pipeline, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { RequestPayload } from 'fastify'
import { UnreadableRequest } from './http-errors.ts'

/** Routers can be set to compress their requests to subgraphs. */
const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  br: createBrotliDecompress,
  deflate: createInflate,
}

export const ACCEPTED_ENCODINGS = 'gzip, br, deflate'

/** A thousand representations shrink to a tenth, and what is small may be anything: beyond both, a body was made to be a bomb. */
const MAX_RATIO = 100
const UNBOUNDED_BELOW_BYTES = 65_536
const QUOTED_CHARACTERS = 60

/** Fastify compares `content-length` with what was sent. */
type CountedBody = Transform & { receivedEncodedLength?: number }

/**
 * The body of a request, decoded if it came encoded, within a bound of its own where its length is not known. What Fastify reads of it is
 * bounded as any other body is. It is decoded as it is read, so nobody pays for what is left of a body that was too large.
 */
export function boundedBody(
  headers: IncomingHttpHeaders,
  payload: RequestPayload,
  { maxBytes, tooLarge }: { readonly maxBytes: number; readonly tooLarge: () => Error },
): RequestPayload {
  const encoding = encodingIn(headers['content-encoding'])
  if (encoding === undefined && (maxBytes === Infinity || headers['transfer-encoding'] === undefined))
    return payload

  let encoded = 0
  let decoded = 0
  const faultSoFar = (): Error | null => {
    if (decoded > UNBOUNDED_BELOW_BYTES && decoded > encoded * MAX_RATIO) return bomb()
    return decoded > maxBytes ? tooLarge() : null
  }
  const bounded: CountedBody = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      decoded += chunk.length
      bounded.receivedEncodedLength = encoded
      done(faultSoFar(), chunk)
    },
    flush(done) {
      bounded.receivedEncodedLength = encoded
      done()
    },
  })
  // Fastify no longer listens to a body that it has refused, and the rest of that may still be found wrong.
  bounded.on('error', () => undefined)
  payload.on('data', (chunk: Buffer) => (encoded += chunk.length))
  if (encoding === undefined) {
    pipeline(payload, bounded, () => undefined)
  } else {
    const decoder = encoding.createDecoder()
    decoder.once('error', () => bounded.destroy(corrupt(encoding.name)))
    pipeline(payload, decoder, bounded, () => undefined)
  }
  return bounded
}

/** Undefined for a plain body. */
function encodingIn(
  header = '',
): { readonly name: string; readonly createDecoder: () => Transform } | undefined {
  const names = header
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity')
  const [name] = names
  if (name === undefined) return undefined
  const createDecoder = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined
  if (names.length > 1 || createDecoder === undefined) throw unsupported(names.join(', '))
  return { name, createDecoder }
}

function unsupported(encodings: string): UnreadableRequest {
  return new UnreadableRequest(
    415,
    'UNSUPPORTED_MEDIA_TYPE',
    `The encoding "${encodings.slice(0, QUOTED_CHARACTERS)}" is not read here. Send the body plain, or in one of ${ACCEPTED_ENCODINGS}.`,
  )
}

function bomb(): UnreadableRequest {
  return new UnreadableRequest(
    413,
    'REQUEST_TOO_LARGE',
    `A body decodes to at most ${String(MAX_RATIO)} times what is sent. Send it plain.`,
  )
}

function corrupt(encoding: string): UnreadableRequest {
  return new UnreadableRequest(400, 'BAD_REQUEST', `The body is not encoded as ${encoding}, or is cut off.`)
}
