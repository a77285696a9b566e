import { expect, onTestFinished, test } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startSubgraph, type RunningSubgraph } from '../support/start-subgraph.ts'
import { issuerKey } from '../support/token-issuer.ts'

const REPORT = `mutation ($attempts: [CommunicationAttemptInput!]!, $clientKey: String!) {
  reportCommunicationAttempts(input: { attempts: $attempts, clientKey: $clientKey }) { outcomes }
}`
const ASK = `mutation ($userIds: [ID!]!) { requestPresenceAccess(input: { userIds: $userIds }) { results { outcome } } }`

/** Who may ask six a minute, and what a service reports about two of each's calls. */
const WATCHERS = ['wim', 'zoe', 'eve', 'kim', 'ann']
const reportOf = (watcher: string) => ({
  clientKey: `key-${watcher}`,
  attempts: [1, 2].map((call) => ({
    callerId: watcher,
    calleeId: `${watcher}-called-${String(call)}`,
    kind: 'CALL',
  })),
})

test('a report that goes to two instances at once, of which one is killed, and that is repeated, counts once', async () => {
  const database = await createTestDatabase()
  const key = issuerKey()
  const [dying, staying] = await Promise.all([
    startSubgraph({ databaseUrl: database.url, key }),
    startSubgraph({ databaseUrl: database.url, key }),
  ])
  onTestFinished(staying.stop)
  await database.query('update presence_privacy.classes_of_service set requests_per_minute = 6')
  const service = await staying.tokenOf('telephony', { roles: ['service'] })
  const report = (instance: RunningSubgraph, watcher: string) =>
    askGraphQL(instance.url, { query: REPORT, variables: reportOf(watcher), token: service })

  const atDying = WATCHERS.map((watcher) => report(dying, watcher))
  const atStaying = WATCHERS.map((watcher) => report(staying, watcher))
  const settled = Promise.all([atDying, atStaying].map((reports) => Promise.allSettled(reports)))
  await Promise.any([...atDying, ...atStaying])
  await dying.kill()
  const accepted = { reportCommunicationAttempts: { outcomes: ['ACCEPTED', 'ACCEPTED'] } }
  const told = { status: 'fulfilled', value: accepted }
  // As fetch says that a connection was cut.
  const cutOff = { status: 'rejected', reason: expect.any(TypeError) as unknown }
  const [byDying, byStaying] = await settled
  for (const outcome of byDying!) expect([told, cutOff]).toContainEqual(outcome)
  expect(byStaying).toEqual(WATCHERS.map(() => told))
  for (const watcher of WATCHERS) expect(await report(staying, watcher)).toEqual(accepted)

  for (const watcher of WATCHERS) {
    const userIds = [1, 2, 3, 4, 5].map((asked) => `${watcher}-asked-${String(asked)}`)
    const token = await staying.tokenOf(watcher)
    const asked = await askGraphQL(staying.url, { query: ASK, variables: { userIds }, token })
    const outcomes = ['ASKED', 'ASKED', 'ASKED', 'ASKED', 'LIMITED'].map((outcome) => ({ outcome }))
    expect(asked).toEqual({ requestPresenceAccess: { results: outcomes } })
  }
}, 120_000)
