import type { UserId } from '../domain/user-id.ts'
import type { CountingSocket, IdentifiedConnection } from './identified-connection.ts'

/** Over all connections of one user: bytes that wait to be sent, and bytes of requests and messages that are coming in. Sixteen of the largest. */
const MAX_HELD_BYTES_OF_USER = 16 * 1_048_576

type Held = { readonly socket: CountingSocket; readonly bytes: number }

/** Adds up, once, the bytes that the server holds for each user. */
export class HeldForUsers {
  private readonly heldOf = new Map<UserId, Held[]>()

  add(socket: CountingSocket, { user, busy, readBefore, lasting }: IdentifiedConnection): void {
    let bytes = socket.writableLength
    if (lasting !== null) bytes += lasting.incomingBytes()
    else if (busy) bytes += (socket.bytesRead ?? 0) - readBefore
    if (bytes === 0) return
    const held = this.heldOf.get(user)
    if (held === undefined) this.heldOf.set(user, [{ socket, bytes }])
    else held.push({ socket, bytes })
  }

  /** The heaviest connections of each user for whom the server holds too much. Without them it holds no more than the bound. */
  tooHeavy(): readonly CountingSocket[] {
    return [...this.heldOf.values()].flatMap(beyondBound)
  }
}

function beyondBound(held: Held[]): readonly CountingSocket[] {
  let kept = 0
  const heavy: CountingSocket[] = []
  for (const { socket, bytes } of held.sort((one, other) => one.bytes - other.bytes)) {
    kept += bytes
    if (kept > MAX_HELD_BYTES_OF_USER) heavy.push(socket)
  }
  return heavy
}
