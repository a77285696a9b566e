import type { FastifyRequest } from 'fastify'
import { isIdentityFailure, type Identity, type IdentityFailure } from '../identity/identity.ts'
import type { TokenVerifier } from '../identity/token-verifier.ts'
import { authenticate } from './authenticate.ts'
import type { ConnectionBounds } from './connection-bounds.ts'

/** What an operation without identity may have as a document, and as much again for what JSON makes of it. */
const MAX_ANONYMOUS_BODY_BYTES = 64 * 1024

export type RequestCallers = {
  /** A hook: verifies the token as soon as the headers are there. */
  readonly begin: (request: FastifyRequest, reply: unknown, done: () => void) => void
  readonly of: (request: FastifyRequest) => Promise<Identity | IdentityFailure>
}

/** Tells who sent each request, and by that whose its connection is. */
export function identifyRequests(verifier: TokenVerifier, connections: ConnectionBounds): RequestCallers {
  const callers = new WeakMap<FastifyRequest, Promise<Identity | IdentityFailure>>()

  const identify = async ({ headers, raw }: FastifyRequest): Promise<Identity | IdentityFailure> => {
    const caller = await authenticate(verifier, { authorizationHeader: headers.authorization })
    if (isIdentityFailure(caller)) connections.anonymous(raw.socket)
    else connections.identified(raw.socket)
    return caller
  }
  const of = (request: FastifyRequest): Promise<Identity | IdentityFailure> => {
    const known = callers.get(request)
    if (known !== undefined) return known
    const caller = identify(request)
    callers.set(request, caller)
    return caller
  }

  return {
    begin(request, _reply, done) {
      // Whoever waits for it hears of a fault.
      of(request).catch(() => undefined)
      done()
    },
    of,
  }
}

/** Whether the body of a request may have more than is read without identity. */
export function mayBeLarge({ headers }: FastifyRequest): boolean {
  const length = Number(headers['content-length'] ?? 0)
  return (
    length > MAX_ANONYMOUS_BODY_BYTES ||
    headers['transfer-encoding'] !== undefined ||
    headers['content-encoding'] !== undefined
  )
}
