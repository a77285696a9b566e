/**
 * `npm run build && node bench/live/push-cost.js [sockets]`: what it costs a server to push one payload to many sockets, in microseconds of
 * its CPU for each frame: by ws, and by the outbox of this service, which puts the frames of one turn of the event loop into one write.
 * Server and clients are processes of their own; the clients only count bytes.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'

const FRAMES_OF_EACH = 2000
const PAYLOAD = JSON.stringify({ data: { presence: { status: 'AVAILABLE', note: 'x'.repeat(200) } } })
const UPGRADE = [
  'GET / HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Protocol: graphql-transport-ws',
].join('\r\n')

if (process.send === undefined) await serve(Number(process.argv[2] ?? 500))
else read(Number(process.argv[2]), Number(process.argv[3]))

async function serve(count) {
  const { WebSocketServer } = await import('ws')
  const { Outbox } = await import(
    new URL('../../dist/src/server/graphql-transport-ws/outbox.js', import.meta.url).href
  )
  const upgrades = new WebSocketServer({ noServer: true, clientTracking: false })
  const peers = []
  const server = createServer().on('upgrade', (request, socket, head) => {
    upgrades.handleUpgrade(request, socket, head, (webSocket) => {
      peers.push({ webSocket, outbox: new Outbox(webSocket, socket) })
    })
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const readers = fork(fileURLToPath(import.meta.url), [String(server.address().port), String(count)])
  while (peers.length < count) await turn()

  const message = `{"id":"1","type":"next","payload":${PAYLOAD}}`
  const byWs = ({ webSocket }) => webSocket.send(message)
  const byOutbox = ({ outbox }) => outbox.send(message)
  const costs = {}
  for (const framesOfATurn of [1, 2, 10]) {
    const row = (costs[`${framesOfATurn} of a turn`] = {})
    for (const [name, send] of [
      ['ws', byWs],
      ['outbox', byOutbox],
      ['ws again', byWs],
      ['outbox again', byOutbox],
    ]) {
      row[name] = await costOf(peers, send, framesOfATurn)
    }
  }
  console.table(costs)
  readers.kill()
  await once(readers, 'exit')
  process.exit(0)
}

async function costOf(peers, send, framesOfATurn) {
  const before = process.cpuUsage()
  for (let sent = 0; sent < FRAMES_OF_EACH; sent += framesOfATurn) {
    for (const peer of peers) for (let frame = 0; frame < framesOfATurn; frame++) send(peer)
    await turn()
    while (peers.some(({ webSocket }) => webSocket.bufferedAmount > 0)) await turn()
  }
  const { user, system } = process.cpuUsage(before)
  return Number(((user + system) / (peers.length * FRAMES_OF_EACH)).toFixed(2))
}

function read(port, count) {
  for (let index = 0; index < count; index++) {
    const socket = connect(port, '127.0.0.1')
    socket.write(`${UPGRADE}\r\n\r\n`)
    socket.resume()
  }
}

function turn() {
  return new Promise((resolve) => setImmediate(resolve))
}
