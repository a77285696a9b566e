import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { requestsInTurn } from '../../../src/server/pipelined-requests.ts'

const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'

/** A server that answers without waiting for anything, and counts in which turn of the event loop it does. */
async function startServer() {
  const turns: number[] = []
  let turn = 0
  let counting = true
  const count = (): void => {
    turn += 1
    if (counting) setImmediate(count)
  }
  count()
  const server = createServer(
    requestsInTurn()((_request, response) => {
      turns.push(turn)
      response.end(String(turns.length))
    }),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    counting = false
    server.closeAllConnections()
    server.close()
  })
  const open = () => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => (text += chunk.toString()))
    socket.on('error', () => undefined)
    return {
      socket,
      bodies: () => [...text.matchAll(/\r\n\r\n(\d+)/g)].map(([, body]) => Number(body)),
      ended: new Promise((resolve) => socket.once('close', resolve)),
    }
  }
  return { open, turns }
}

test('of what one packet holds, one request begins in each turn of the event loop, and all are answered in order', async () => {
  const { open, turns } = await startServer()
  const { socket, bodies } = open()
  socket.write(REQUEST.repeat(17))
  await expect.poll(() => bodies().length).toBe(17)
  expect(bodies()).toEqual(Array.from({ length: 17 }, (_, at) => at + 1))
  expect(new Set(turns).size).toBe(17)

  socket.write(REQUEST.repeat(17))
  await expect.poll(() => bodies().length).toBe(34)
})

test('nor do two begin in one turn where their bodies come in many packets', async () => {
  const { open, turns } = await startServer()
  const { socket, bodies } = open()
  const body = 'x'.repeat(40_000)
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`.repeat(16))
  await expect.poll(() => bodies().length).toBe(16)
  expect(new Set(turns).size).toBe(16)
})

test('a connection with more of them is cut, though each was answered at once', async () => {
  const { open, turns } = await startServer()
  const { socket, ended } = open()
  socket.write(REQUEST.repeat(343))
  await ended
  expect(turns).toHaveLength(1)
})

test('connections do not wait for each other', async () => {
  const { open, turns } = await startServer()
  const all = Array.from({ length: 20 }, open)
  await Promise.all(all.map(({ socket }) => once(socket, 'connect')))
  for (const { socket } of all) socket.write(REQUEST.repeat(2))
  await expect.poll(() => all.every(({ bodies }) => bodies().length === 2)).toBe(true)
  expect(new Set(turns).size).toBeLessThan(40)
})
