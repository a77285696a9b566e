import { setTimeout as rest } from 'node:timers/promises'
import { jsonWeight } from '../graphql/operation-weight.ts'
import { isRefusal } from './admission/admission.ts'
import type { Admissions, Place } from './admission/admissions.ts'
import type { Connection } from './graphql-transport-ws/connection.ts'
import type { MessageSize } from './graphql-transport-ws/service.ts'
import type { Peer } from './websocket-peer.ts'

/**
 * Charges a caller for parsing a large message. The server cannot answer a message that it has not parsed. Where the caller has sent too
 * much, the message therefore waits for as long as it takes, and TCP makes the client wait.
 */
export function turnToParse(
  admissions: Admissions,
  connection: Connection<Peer>,
  { parts, characters }: MessageSize,
): Promise<void> | undefined {
  const { caller } = connection.peer
  const weight = jsonWeight(parts, characters)
  // A message that nests too deep is not parsed.
  if (weight === 0 || weight === Infinity || caller === undefined) return undefined
  const ask = (): Place => admissions.place(caller, { weight, bytes: () => characters })
  const place = ask()
  if (place instanceof Promise || isRefusal(place)) return admitted(place, { ask, connection })
  place.leave()
  return undefined
}

async function admitted(
  first: Place,
  { ask, connection }: { readonly ask: () => Place; readonly connection: Connection<Peer> },
): Promise<void> {
  let place = await first
  while (isRefusal(place)) {
    await rest(Math.max(place.restMs, place.retryAfterSeconds * 1000), undefined, { ref: false })
    if (!connection.isOpen()) return
    place = await ask()
  }
  place.leave()
}
