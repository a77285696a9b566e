/**
 * The limit of what a server in node can do: it writes a frame that is made once to each socket, and decides nothing. A process of its
 * own; is told over IPC who looks at whom.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'

const [{ watchers }] = await once(process, 'message')
const sockets = new Map()
const upgrades = new WebSocketServer({ noServer: true, clientTracking: false })
const server = createServer().on('upgrade', (request, socket, head) => {
  upgrades.handleUpgrade(request, socket, head, (webSocket) => {
    webSocket.once('message', (user) => {
      sockets.set(user.toString(), socket)
      webSocket.on('message', (text) => broadcast(user.toString(), text))
    })
  })
})
server.listen(0, '127.0.0.1', () => process.send({ url: `ws://127.0.0.1:${server.address().port}` }))
process.on('disconnect', () => process.exit(0))

function broadcast(user, text) {
  const frame = String.fromCharCode(0x81, 126, text.length >> 8, text.length & 0xff) + text.toString('latin1')
  for (const watcher of watchers[user] ?? []) sockets.get(watcher).write(frame, 'latin1')
}
