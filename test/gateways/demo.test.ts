import { expect, test } from 'vitest'
import { startProcess, temporaryFolder } from '../support/start-process.ts'

test('the demo graph starts in the folder in which the service runs, and both go on', async () => {
  const folder = await temporaryFolder()
  const service = startProcess('src/main.ts', folder, { PORT: '0' })
  const [, url = ''] = await service.says(/served at (http:\S+)/)
  const graph = startProcess('demo/graph.ts', folder, {})
  await graph.says(/The graph is at http/, 60_000)
  expect((await fetch(new URL('/health/ready', url))).status).toBe(200)
  graph.kill('SIGTERM')
  expect(await graph.ended).toBe(0)
  expect((await fetch(new URL('/health/ready', url))).status).toBe(200)
}, 120_000)
