import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'
import { epochSeconds } from '../support/token-issuer.ts'
import { ask, connect, type RawClient } from '../support/web-socket-client.ts'

const OWN = '{ presencePrivacy { user { id } } }'
const POPUP = 'subscription { incomingPresenceRequests { change closedIds } }'

let app: TestApp

beforeAll(async () => {
  app = await startApp(await createTestDatabase())
})
afterAll(() => app.stop())

/** Closed after the test. */
async function connected(user: string, claims: Record<string, unknown>): Promise<RawClient> {
  const client = await connect(app.webSocketUrl, await tokenOf(user, claims))
  onTestFinished(client.close)
  return client
}

describe('a token that expires on a live socket', () => {
  test('ends each subscription with an error, admits no operation, and closes the socket after a grace', async () => {
    // Five seconds of tolerance for clocks are part of a token's life.
    const client = await connected('alice', { exp: epochSeconds() - 3 })
    for (const id of ['one', 'two'])
      expect(await ask(client, POPUP, {}, id)).toMatchObject({ id, type: 'next' })
    const last = [await client.next(), await client.next(), await client.next(), await client.next()]
    for (const id of ['one', 'two']) {
      expect(last.filter((message) => message.id === id)).toMatchObject([
        {
          type: 'next',
          payload: { errors: [{ extensions: { code: 'UNAUTHENTICATED', reason: 'expired' } }] },
        },
        { type: 'complete' },
      ])
    }
    expect(await ask(client, OWN, {}, 'late')).toMatchObject({
      type: 'error',
      payload: [{ extensions: { reason: 'expired' } }],
    })
    expect(await client.closed).toEqual({ code: 4403, reason: 'Forbidden' })
  })

  test('may be one that lives for a thousand years', async () => {
    const client = await connected('alice', { exp: epochSeconds() + 1000 * 365 * 86_400 })
    expect(await ask(client, OWN)).toMatchObject({ type: 'next', payload: { data: {} } })
  })
})
