import type { FastifyRequest } from 'fastify'
import { isIdentityFailure, type Identity, type IdentityFailure } from '../identity/identity.ts'
import type { TokenVerifier } from '../identity/token-verifier.ts'
import { authenticate } from './authenticate.ts'
import type { ConnectionBounds } from './connection-bounds.ts'

export type RequestCallers = {
  /** A hook: verifies the token as soon as the headers are there. */
  readonly begin: (request: FastifyRequest, reply: unknown, done: () => void) => void
  readonly of: (request: FastifyRequest) => Promise<Identity | IdentityFailure>
  /** Whether nobody has identified themselves yet. */
  readonly isAnonymous: (request: FastifyRequest) => boolean
}

/** Tells who sent each request, and by that whose its connection is. */
export function identifyRequests(verifier: TokenVerifier, connections: ConnectionBounds): RequestCallers {
  const callers = new WeakMap<FastifyRequest, Promise<Identity | IdentityFailure>>()
  const identified = new WeakSet<FastifyRequest>()

  const identify = async (request: FastifyRequest): Promise<Identity | IdentityFailure> => {
    const { headers, raw } = request
    const caller = await authenticate(verifier, { authorizationHeader: headers.authorization })
    if (isIdentityFailure(caller)) {
      connections.anonymous(raw.socket)
    } else {
      connections.identified(raw.socket)
      identified.add(request)
    }
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
    isAnonymous: (request) => !identified.has(request),
  }
}
