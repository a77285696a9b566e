import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isIdentityFailure, type Identity, type IdentityFailure } from '../identity/identity.ts'
import type { TokenVerifier } from '../identity/token-verifier.ts'
import { authenticate } from './authenticate.ts'
import type { ConnectionBounds } from './connection-bounds.ts'

type Caller = Identity | IdentityFailure

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller, once `identifyRequests` knows. A property, because a map of requests would be work for the garbage collector. */
    caller: Caller | Promise<Caller> | null
  }
}

export type RequestCallers = {
  /** A hook: verifies the token as soon as the headers are there. */
  readonly begin: (request: FastifyRequest, reply: unknown, done: () => void) => void
  /** At once where the token has been verified before. */
  readonly of: (request: FastifyRequest) => Caller | Promise<Caller>
  /** Whether no good token has been found in the request yet. */
  readonly isAnonymous: (request: FastifyRequest) => boolean
}

/** Identifies the caller of each request, and counts its connection as one of that user. */
export function identifyRequests(
  http: FastifyInstance,
  { verifier, connections }: { readonly verifier: TokenVerifier; readonly connections: ConnectionBounds },
): RequestCallers {
  http.decorateRequest('caller', null)

  const noted = (request: FastifyRequest, caller: Caller): Caller => {
    const { socket } = request.raw
    if (isIdentityFailure(caller)) connections.anonymous(socket)
    else connections.identified(socket, caller.userId)
    request.caller = caller
    return caller
  }
  const of = (request: FastifyRequest): Caller | Promise<Caller> => {
    if (request.caller !== null) return request.caller
    const caller = authenticate(verifier, { authorizationHeader: request.headers.authorization })
    if (!(caller instanceof Promise)) return noted(request, caller)
    return (request.caller = caller.then((known) => noted(request, known)))
  }

  return {
    begin(request, _reply, done) {
      const caller = of(request)
      // A fault reaches those who wait for the caller.
      if (caller instanceof Promise) caller.catch(() => undefined)
      done()
    },
    of,
    isAnonymous({ caller }) {
      return caller === null || caller instanceof Promise || isIdentityFailure(caller)
    },
  }
}
