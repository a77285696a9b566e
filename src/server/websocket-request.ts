import { IncomingMessage } from 'node:http'

/**
 * A request that asks for another protocol than WebSocket is served as if it had not: HTTP leaves it to the server, and Java's client asks for
 * h2c with its first request. Node would hand each of them to the listener of `upgrade`, with its body unread; since Node 24.9 it
 * asks `shouldUpgradeCallback`.
 */
export class WebSocketOrPlainRequest extends IncomingMessage {
  private asksForUpgrade = false

  // Node sets it before it knows the headers, and reads it when it does.
  set upgrade(asks: boolean | null) {
    this.asksForUpgrade = asks === true
  }

  get upgrade(): boolean {
    return this.asksForUpgrade && this.method === 'GET' && this.headers.upgrade?.toLowerCase() === 'websocket'
  }
}
