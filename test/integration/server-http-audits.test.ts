import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { startApp, type TestApp } from '../support/start-app.ts'

let app: TestApp

beforeAll(async () => {
  app = await startApp(await createTestDatabase(), { INTROSPECTION: 'on' })
})

afterAll(() => app.stop())

describe('GraphQL over HTTP, audited against its specification', () => {
  for (const audit of serverAudits({ url: () => app.url, fetchFn: fetch })) {
    // Operations by GET are optional, and off here: addresses end up in logs and caches.
    const expected = audit.name.startsWith('MAY') && audit.name.includes('GET') ? /ok|notice/ : /ok/
    test(`${audit.id} ${audit.name}`, async () => {
      const { status } = await audit.fn()
      expect(status).toMatch(expected)
    })
  }
})
