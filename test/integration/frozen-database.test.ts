import { describe, expect, onTestFinished, test } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { postGraphQL } from '../support/post-graphql.ts'
import { startAppForTest, tokenOf } from '../support/start-app.ts'
import { startProcess, temporaryFolder } from '../support/start-process.ts'
import { startSubgraph } from '../support/start-subgraph.ts'
import { tcpProxy } from '../support/tcp-proxy.ts'
import { AUDIENCE, ISSUER, issuerKey } from '../support/token-issuer.ts'

const ASK = 'mutation { requestPresenceAccess(input: {userIds: ["alice"]}) { results { access } } }'

/** A database that takes connections and bytes and answers nothing, as PostgreSQL after SIGSTOP does, from when it is told. */
async function freezable() {
  const proxy = await tcpProxy((await createTestDatabase()).url)
  onTestFinished(proxy.close)
  return proxy
}

async function ready(url: string): Promise<number> {
  return (await fetch(new URL('/health/ready', url))).status
}

describe('while PostgreSQL is frozen', () => {
  test('an instance is not ready within four seconds, however often it is asked, and is ready again by itself', async () => {
    const database = await freezable()
    const app = await startAppForTest(database)
    expect(await ready(app.url)).toBe(200)
    database.freeze()
    await eventually('it is not ready', async () => (await ready(app.url)) === 503, { withinMs: 5000 })
    const began = performance.now()
    const many = await Promise.all(Array.from({ length: 500 }, () => ready(app.url)))
    expect(new Set(many)).toEqual(new Set([503]))
    expect(performance.now() - began).toBeLessThan(4000)
    database.thaw()
    await eventually('it is ready again', async () => (await ready(app.url)) === 200, { withinMs: 15_000 })
  })

  test('every mutation of one user is told so within the same time, however many wait in turn', async () => {
    const database = await freezable()
    const limits = { DATABASE_STATEMENT_TIMEOUT_MS: '1000', DATABASE_CONNECT_TIMEOUT_MS: '1000' }
    const app = await startAppForTest(database, limits)
    const token = await tokenOf('bob')
    await postGraphQL(app.url, { query: ASK, token })
    database.freeze()
    const began = performance.now()
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => postGraphQL(app.url, { query: ASK, token })),
    )
    // A second to connect, and a second and two more for a statement.
    expect(performance.now() - began).toBeLessThan(6000)
    for (const { errors } of answers)
      expect(errors).toMatchObject([{ extensions: { code: 'PRESENCE_UNAVAILABLE' } }])
  })

  test.each([
    ['that serves', 0],
    ['with a mutation under way', 1],
  ])('SIGTERM ends a process %s within SHUTDOWN_TIMEOUT_MS', async (_, mutations) => {
    const database = await freezable()
    const subgraph = await startSubgraph({ databaseUrl: database.url, env: { SHUTDOWN_TIMEOUT_MS: '3000' } })
    onTestFinished(subgraph.kill)
    const token = await subgraph.tokenOf('bob')
    await postGraphQL(subgraph.url, { query: ASK, token })
    database.freeze()
    for (let sent = 0; sent < mutations; sent++)
      postGraphQL(subgraph.url, { query: ASK, token }).catch(() => undefined)
    const began = performance.now()
    await subgraph.stop()
    expect(performance.now() - began).toBeLessThan(4000)
  })

  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends a process that has not come up yet at once',
    async (signal) => {
      const database = await freezable()
      database.freeze()
      const service = startProcess('src/main.ts', await temporaryFolder(), {
        NODE_ENV: 'test',
        PORT: '0',
        DATABASE_URL: database.url,
        DATABASE_CONNECT_TIMEOUT_MS: '60000',
        JWT_PUBLIC_KEY: issuerKey().publicPem,
        JWT_ISSUER: ISSUER,
        JWT_AUDIENCE: AUDIENCE,
      })
      await eventually('it has asked the database', () => database.connections() > 0, { withinMs: 20_000 })
      const began = performance.now()
      service.kill(signal)
      expect(await service.ended).toBe(0)
      expect(performance.now() - began).toBeLessThan(2000)
    },
  )
})
