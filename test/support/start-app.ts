import { onTestFinished } from 'vitest'
import { createApp, type App } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createLog, type Logger } from '../../src/server/log.ts'
import type { TestDatabase } from './database.ts'
import { AUDIENCE, claimsOf, ISSUER, issuerKey, sign } from './token-issuer.ts'

const key = issuerKey()

export type TestApp = App & {
  readonly webSocketUrl: string
  /** The address of another path. */
  at(path: string): string
}

/** A token that every app of these tests believes. */
export function tokenOf(userId: string, claims?: Record<string, unknown>): Promise<string> {
  return sign(key, claimsOf(userId, claims))
}

/** The service within this process, on any free port, with settings as in .env.example. */
export async function startApp(
  database: Pick<TestDatabase, 'url'>,
  env: Record<string, string> = {},
  log: Logger = createLog({ level: 'silent', readable: false }),
): Promise<TestApp> {
  const config = readConfig({
    NODE_ENV: 'test',
    PORT: '0',
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: '4',
    // No snapshot by the clock comes between what a test expects.
    STREAM_SNAPSHOT_SECONDS: '86400',
    JWT_PUBLIC_KEY: key.publicPem,
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
    ...env,
  })
  const app = await createApp(config, { log })
  const { url } = app
  return { ...app, webSocketUrl: url.replace(/^http/, 'ws'), at: (path) => new URL(path, url).href }
}

/** The same, stopped after the running test. */
export async function startAppForTest(...args: Parameters<typeof startApp>): Promise<TestApp> {
  const app = await startApp(...args)
  onTestFinished(app.stop)
  return app
}
