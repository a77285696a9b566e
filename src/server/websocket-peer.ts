import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Identity } from '../identity/identity.ts'
import { requestIdOf, scopeOf, type RequestScope } from './request-scope.ts'

/** The client at the other end of a socket. Kept small, because there are very many idle ones. */
export type Peer = {
  readonly scope: RequestScope
  readonly socket: Duplex
  /** Kept until the client has shown its token. */
  authorizationHeader: string | undefined
  caller: Identity | undefined
  /** Cancels the timer of the token's end. */
  forgetExpiry: (() => void) | undefined
}

export function peerOf(headers: IncomingHttpHeaders, socket: Duplex): Peer {
  return {
    scope: scopeOf(inOnePiece(requestIdOf(headers)), headers),
    socket,
    authorizationHeader: headers.authorization,
    caller: undefined,
    forgetExpiry: undefined,
  }
}

/** A UUID is made of twenty texts, which it would hold on to: 450 bytes. */
function inOnePiece(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}
