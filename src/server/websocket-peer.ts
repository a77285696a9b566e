import type { IncomingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Identity } from '../identity/identity.ts'
import { requestIdOf, scopeOf, type RequestScope } from './request-scope.ts'

/** What is known of the client at the other end of a socket. Kept small: of idle ones there are very many. */
export type Peer = {
  readonly scope: RequestScope
  readonly socket: Duplex
  /** Until the client has said who he is. */
  authorizationHeader: string | undefined
  caller: Identity | undefined
  /** Calls off what is due when the token expires. */
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
