import { expect, onTestFinished, test } from 'vitest'
import { createLog } from '../../../src/server/log.ts'
import { serveMetrics } from '../../../src/server/serve-metrics.ts'
import { eventually } from '../../support/eventually.ts'
import { openRaw, type RawConnection } from '../../support/raw-connection.ts'

const REQUEST = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'

async function startMetrics() {
  let reads = 0
  const read = (): number => (reads += 1)
  const { url, stop } = await serveMetrics({
    host: '127.0.0.1',
    port: 0,
    metrics: [{ name: 'reads', help: 'Reads.', type: 'gauge', read }],
    log: createLog({ level: 'silent', readable: false }),
  })
  onTestFinished(stop)
  return { url, reads: () => reads }
}

test('metrics are served while others hold as many connections as they can', async () => {
  const { url } = await startMetrics()
  const idle: RawConnection[] = []
  for (let count = 0; count < 50; count++) idle.push(await openRaw(url))
  const reader = await openRaw(url)
  reader.socket.write(REQUEST)
  await eventually('they are served', () => reader.text().includes('presence_privacy_reads 1'))
  await eventually('the oldest have gone', () => idle.filter(({ socket }) => !socket.destroyed).length < 20)
})

test('a thousand requests in one packet are not all taken', async () => {
  const { url, reads } = await startMetrics()
  const flooding = await openRaw(url)
  flooding.socket.write(REQUEST.repeat(1000))
  await flooding.ended
  expect(reads()).toBeLessThanOrEqual(17)
})

test('headers have at most 8 KB', async () => {
  const { url } = await startMetrics()
  const long = await openRaw(url)
  long.socket.write(`GET /metrics HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(9000)}\r\n\r\n`)
  await long.ended
  expect(long.text()).toMatch(/^HTTP\/1.1 431 /)
})

test('a request that does not come to its end ends its connection', async () => {
  const { url } = await startMetrics()
  const slow = await openRaw(url)
  slow.socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n')
  expect(await slow.ended).toBeLessThan(9_000)
  expect(slow.text()).toMatch(/^HTTP\/1.1 408 /)
})

test('metrics that cannot be read are a fault, and the next ones are served', async () => {
  let fails = true
  const { url, stop } = await serveMetrics({
    host: '127.0.0.1',
    port: 0,
    metrics: [
      {
        name: 'reads',
        help: 'Reads.',
        type: 'gauge',
        read() {
          if (fails) throw new Error('secret')
          return 1
        },
      },
    ],
    log: createLog({ level: 'silent', readable: false }),
  })
  onTestFinished(stop)
  const failed = await fetch(url)
  expect({ status: failed.status, text: await failed.text() }).toEqual({ status: 500, text: '' })
  fails = false
  expect((await fetch(url)).status).toBe(200)
})
