import type { IdentityFailure } from './identity.ts'

/** Node admits headers of 16 KiB in all; a connection_init payload may be larger, and gets no more than that either. */
const MAX_AUTHORIZATION_LENGTH = 16_384
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i

export type TokenCarrier = {
  /** The Authorization header of an HTTP request or of a WebSocket upgrade. */
  readonly authorizationHeader?: string | undefined
  /** The payload of connection_init, as the client sent it. */
  readonly connectionParams?: unknown
}

/**
 * The token that a client sent: in the Authorization header, or in connection_init as `authorization`, `Authorization`,
 * `headers.authorization` or `headers.Authorization`. Never in a cookie: a browser sends those for any site that asks.
 *
 * Several places may hold the same token; two different ones are `malformed`, for nobody could say who is meant.
 */
export function bearerToken(from: TokenCarrier): string | IdentityFailure {
  let token: string | undefined
  for (const value of authorizationsIn(from)) {
    if (value === undefined || value === null || value === '') continue
    if (typeof value !== 'string' || value.length > MAX_AUTHORIZATION_LENGTH) return { reason: 'malformed' }
    const sent = BEARER.exec(value.trim())?.[1]
    if (sent === undefined || (token !== undefined && token !== sent)) return { reason: 'malformed' }
    token = sent
  }
  return token ?? { reason: 'missing' }
}

function authorizationsIn({ authorizationHeader, connectionParams }: TokenCarrier): unknown[] {
  if (connectionParams === undefined) return [authorizationHeader]
  return [
    authorizationHeader,
    ...authorizationMembers(connectionParams),
    ...authorizationMembers(member(connectionParams, 'headers')),
  ]
}

function authorizationMembers(value: unknown): unknown[] {
  return [member(value, 'authorization'), member(value, 'Authorization')]
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return (value as Record<string, unknown>)[name]
}
