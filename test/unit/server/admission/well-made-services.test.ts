import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { readConfig } from '../../../../src/config.ts'
import { renewAfter } from '../../../../src/domain/lease.ts'
import type { UserId } from '../../../../src/domain/user-id.ts'
import { documentWeight, operationWeight } from '../../../../src/graphql/operation-weight.ts'
import { createSchema } from '../../../../src/graphql/schema.ts'
import { isRefusal } from '../../../../src/server/admission/admission.ts'
import { createAdmissions } from '../../../../src/server/admission/admissions.ts'
import { handClock } from './clock.ts'

const { workPerSecond } = readConfig({ NODE_ENV: 'development' }).graphql
const weigh = operationWeight(createSchema({ maxRepresentations: 1000 }), { maxRepresentations: 1000 })

const RENEW = `mutation ($i: RenewPresenceSessionsForInput!) { renewPresenceSessionsFor(input: $i) { results { outcome renewAfterSeconds } } }`
const PUBLISH = `mutation ($i: PublishPresenceForInput!) { publishPresenceFor(input: $i) { results { outcome renewAfterSeconds } } }`
const ASSIGN = `mutation ($i: AssignPresenceClassOfServiceInput!) { assignPresenceClassOfService(input: $i) { outcome } }`
const sessions = (count: number) => ({
  i: {
    sessions: Array.from({ length: count }, (_, user) => ({ userId: `user-${user}`, sessionId: 'desk' })),
  },
})
const users = (count: number) => ({
  i: { className: 'staff', userIds: Array.from({ length: count }, (_, user) => `user-${user}`) },
})

/** One caller who sends operations one after another, each answered within 20 ms; what has to wait at all fails the test. */
function caller(role: 'service' | 'administrator') {
  const clock = handClock()
  const admissions = createAdmissions(workPerSecond, clock.scheduler)
  const identity = { userId: role as UserId, roles: new Set([role] as const), expiresAt: Infinity }
  return {
    send(query: string, variables: Record<string, unknown>): void {
      const { weight } = weigh({ document: parse(query), operationName: null, variables })
      const place = admissions.ask(identity, { weight: weight + documentWeight(query), bytes: () => 0 })
      if (isRefusal(place)) throw new Error(`refused with ${place.code}`)
      expect(place.state).toBe('RUNNING')
      clock.pass(20)
      place.leave()
    },
    pass: (ms: number) => clock.pass(ms - 20),
  }
}

test('a presence server that renews the sessions of 100,000 users when it is told to, and publishes what changes, never waits', () => {
  const server = caller('service')
  const everyMs = renewAfter(120_000, 0) / (100_000 / 500)
  for (let batch = 0; batch < 1000; batch++) {
    server.send(RENEW, sessions(500))
    server.pass(everyMs / 2)
    // Ten changes an hour of each user.
    server.send(PUBLISH, sessions(Math.ceil((100_000 * 10 * everyMs) / 3_600_000)))
    server.pass(everyMs / 2)
  }
})

test('a presence server that comes back publishes for 100,000 users before a lease of 120 s would have ended', () => {
  const server = caller('service')
  for (let batch = 0; batch < 200; batch++) {
    server.send(PUBLISH, sessions(500))
    server.pass(200)
  }
})

test('an administrator who assigns a class to 1,000 users after another, 5,000 a second, never waits', () => {
  const administrator = caller('administrator')
  for (let batch = 0; batch < 100; batch++) {
    administrator.send(ASSIGN, users(1000))
    administrator.pass(200)
  }
})
