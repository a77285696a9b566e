import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { asciiJson } from '../../../../src/server/graphql-transport-ws/ascii-json.ts'
import type { Connection } from '../../../../src/server/graphql-transport-ws/connection.ts'
import type { Service } from '../../../../src/server/graphql-transport-ws/service.ts'
import type { Operation } from '../../../../src/server/graphql-transport-ws/operation.ts'
import { serveProtocol } from '../../../../src/server/graphql-transport-ws/serve-protocol.ts'
import { eventually } from '../../../support/eventually.ts'
import { openSocket, type RawClient } from '../../../support/web-socket-client.ts'

type Peer = { readonly name: string }
type Begun = { readonly operation: Operation<Peer>; readonly connection: Connection<Peer> }
/** A service of which one part is at fault. */
type Faulty = Partial<Service<Peer>> & { readonly stop?: () => void; readonly start?: (begun: Begun) => void }

const FAULT = new Error('a fault')
const fault = (): never => {
  throw FAULT
}

/** What would have ended the process. */
const uncaught: unknown[] = []
const listener = (error: unknown): void => void uncaught.push(error)

beforeEach(() => {
  uncaught.length = 0
  process.on('uncaughtException', listener)
  process.on('unhandledRejection', listener)
})

afterEach(() => {
  process.off('uncaughtException', listener)
  process.off('unhandledRejection', listener)
  expect(uncaught).toEqual([])
})

/** Serves with a service that works but for what is given; the first connection alone has the faults. */
async function serveWithFaults(faulty: Faulty) {
  const failures: unknown[] = []
  const begun: Begun[] = []
  let peers = 0
  const faultyFor = ({ name }: Peer): Faulty => (name === '1' ? faulty : {})
  const service: Service<Peer> = {
    connect: (connection, params) =>
      faultyFor(connection.peer).connect?.(connection, params) ?? Promise.resolve(undefined),
    begin(operation, request) {
      const { connection } = operation
      const { begin, start, stop } = faultyFor(connection.peer)
      if (begin !== undefined) return begin(operation, request)
      begun.push({ operation, connection })
      operation.run({ stop: () => stop?.() })
      start?.({ operation, connection })
      return Promise.resolve()
    },
    failed(peer, error) {
      failures.push(error)
      faultyFor(peer).failed?.(peer, error)
    },
    broken: (peer, error) => faultyFor(peer).broken?.(peer, error),
    closed: (peer, code) => faultyFor(peer).closed?.(peer, code),
  }
  const protocol = serveProtocol(service, { maxMessageBytes: 1000 })
  const server = createServer()
  server.on('upgrade', (request, socket, head) =>
    protocol.upgrade(request, socket, head, { name: String((peers += 1)) }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    await protocol.stop({ withinMs: 0, deadline: new Promise((resolve) => setTimeout(resolve, 200)) })
    await new Promise((resolve) => server.close(resolve))
  })
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const faultyClient = await openSocket(url)
  const other = await openSocket(url)
  other.send({ type: 'connection_init' })
  await other.next()
  return { faultyClient, other, failures, begun, protocol }
}

/** The other client is served as ever. */
async function expectServed(other: RawClient): Promise<void> {
  other.send({ type: 'ping' })
  expect(await other.next()).toEqual({ type: 'pong' })
}

const init = (client: RawClient): void => client.send({ type: 'connection_init' })
const stream = async (client: RawClient): Promise<void> => {
  init(client)
  await client.next()
  client.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { events }' } })
}

describe('a fault of one connection closes it with 4500, and others go on', () => {
  const faults: [string, Faulty, (client: RawClient) => unknown][] = [
    ['connect throws', { connect: fault }, init],
    ['connect rejects', { connect: () => Promise.reject(FAULT) }, init],
    ['begin throws', { begin: fault }, stream],
    ['begin rejects', { begin: () => Promise.reject(FAULT) }, stream],
    [
      'a source throws when its client completes it',
      { stop: fault },
      async (client) => {
        await stream(client)
        client.send({ type: 'complete', id: '1' })
      },
    ],
    ['a source throws when it is to go on', { start: ({ operation }) => operation.onDrain(fault) }, stream],
    [
      'a source throws when it is to go on after the peer has read',
      {
        start({ operation }) {
          for (let count = 0; count < 60; count++) operation.next(asciiJson('x'.repeat(100_000)))
          operation.onDrain(fault)
        },
      },
      stream,
    ],
    [
      'a source throws when its stream ends itself',
      { stop: fault, start: ({ operation }) => operation.complete() },
      stream,
    ],
    [
      'a source throws when streams are finished',
      { stop: fault, start: ({ connection }) => connection.finishStreams(asciiJson({})) },
      stream,
    ],
  ]

  test.each(faults)('%s', async (_, faulty, act) => {
    const { faultyClient, other, failures } = await serveWithFaults(faulty)
    await act(faultyClient)
    expect((await faultyClient.closed).code).toBe(4500)
    expect(failures).toContain(FAULT)
    await expectServed(other)
  })
})

describe('a fault at the end of a connection reaches nobody', () => {
  test.each([
    ['the service that is told of the close throws', { closed: fault }],
    ['a source throws when its client has gone', { stop: fault }],
    ['both do, and the service that is told of it as well', { closed: fault, stop: fault, failed: fault }],
  ])('%s', async (_, faulty) => {
    const { faultyClient, other, failures, begun, protocol } = await serveWithFaults(faulty)
    await stream(faultyClient)
    await eventually('it has begun', () => begun.length === 1)
    faultyClient.socket.terminate()
    await eventually('the fault has been', () => failures.includes(FAULT))
    expect(begun[0]!.connection.running).toBe(0)
    await eventually('the connection is forgotten', () => protocol.size() === 1)
    await expectServed(other)
  })

  test('the service throws that is told of what is no WebSocket', async () => {
    const { faultyClient, other, failures } = await serveWithFaults({ broken: fault })
    // A frame without a mask.
    const { _socket: wire } = faultyClient.socket as unknown as { _socket: { write(data: Buffer): void } }
    wire.write(Buffer.from([0x81, 0x01, 0x41]))
    expect((await faultyClient.closed).code).toBe(1002)
    await eventually('the fault has been', () => failures.includes(FAULT))
    await expectServed(other)
  })
})

test('a fault while the clock probes one connection leaves the others probed', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const { faultyClient, other, begun, failures } = await serveWithFaults({})
  await stream(faultyClient)
  await eventually('it has begun', () => begun.length === 1)
  const { connection } = begun[0]!
  const { webSocket } = connection as unknown as { webSocket: { ping: () => void } }
  vi.spyOn(webSocket, 'ping').mockImplementation(fault)
  const pinged = new Promise((resolve) => other.socket.once('ping', resolve))
  vi.advanceTimersByTime(12_000)
  await pinged
  expect((await faultyClient.closed).code).toBe(4500)
  expect(failures).toEqual([FAULT])
})

test('a fault while a server stops leaves the others to take leave', async () => {
  const { faultyClient, other, begun, protocol } = await serveWithFaults({ stop: fault })
  await stream(faultyClient)
  await eventually('it has begun', () => begun.length === 1)
  await protocol.stop({ withinMs: 0, deadline: new Promise(() => undefined) })
  expect((await faultyClient.closed).code).toBe(4500)
  expect((await other.closed).code).toBe(1001)
})
