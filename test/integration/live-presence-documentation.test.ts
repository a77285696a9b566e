import { readFileSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { actsOverApi } from '../support/acts-over-api.ts'
import { createTestDatabase } from '../support/database.ts'
import { postStream } from '../support/event-stream-client.ts'
import { startAppForTest, tokenOf } from '../support/start-app.ts'

const page = readFileSync(new URL('../../docs/live-presence.md', import.meta.url), 'utf8')
const [, query = ''] = /```graphql\n([\s\S]*?)```/.exec(page) ?? []
const [, told = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? []

it('the page tells what a watcher is told, event by event, whether the presentity blocks or disconnects', async () => {
  const app = await startAppForTest(await createTestDatabase())
  const [pia, wim] = [actsOverApi(app, await tokenOf('pia')), await tokenOf('wim')]
  const watch = async () => {
    const stream = await postStream(app.url, { query, variables: { userIds: ['pia', 'zoe'] }, token: wim })
    onTestFinished(stream.cut)
    const next = async () => (await stream.next()).data as { data: { presenceUpdates: unknown } }
    return async () => (await next()).data.presenceUpdates
  }
  for (const hide of [() => pia.decide('wim', 'BLOCKED'), () => pia.disconnect()]) {
    await pia.publish('BUSY', { activity: 'IN_A_CALL' })
    await pia.decide('wim', 'ALLOWED')
    const next = await watch()
    const events = [await next()]
    await pia.publish('AWAY', { note: 'lunch' })
    events.push(await next())
    await hide()
    events.push(await next())
    expect(events).toEqual(JSON.parse(told))
  }
})

it.each([
  [
    'client/full-jitter.ts',
    /FIRST_WITHIN_MS = (\d)000/,
    (seconds: string) => `random while of up to ${seconds} s`,
  ],
  [
    'client/full-jitter.ts',
    /WITHIN_AT_MOST_MS = (\d+)_000/,
    (seconds: string) => `each failure up to ${seconds} s`,
  ],
  [
    'client/web-socket-client.ts',
    /KEEP_ALIVE_MS = (\d+)_000/,
    (seconds: string) => `after ${seconds} s of silence`,
  ],
  [
    'client/web-socket-client.ts',
    /ANSWER_WITHIN_MS = (\d+)_000/,
    (seconds: string) => `comes back ${seconds} s later`,
  ],
  [
    'client/event-stream-client.ts',
    /SILENT_AFTER_MS = (\d+)_000/,
    (seconds: string) => `over SSE after ${seconds} s`,
  ],
])('the page says the times that %s has: %s', (file, constant, words) => {
  const [, seconds] = constant.exec(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')) ?? []
  expect(page).toContain(words(seconds ?? 'no'))
})
