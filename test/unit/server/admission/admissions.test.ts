import { expect, test } from 'vitest'
import { parseUserId } from '../../../../src/domain/user-id.ts'
import type { Role } from '../../../../src/identity/identity.ts'
import { createAdmissions } from '../../../../src/server/admission/admissions.ts'
import { handClock } from './clock.ts'

const PER_SECOND = { user: 1000, service: 1000, administrator: 1000 }

test.each<[readonly Role[], string]>([
  [[], 'user'],
  [['service'], 'service'],
  [['administrator'], 'administrator'],
  [['auditor'], 'administrator'],
  [['service', 'administrator'], 'service'],
])('a caller with the roles %j has the allowance of a %s', (roles, kind) => {
  const admissions = createAdmissions(PER_SECOND, handClock().scheduler)
  const identity = { userId: parseUserId('alice')!, roles: new Set(roles), expiresAt: Infinity }
  admissions.ask(identity, { weight: 7, bytes: () => 0 })
  const running = admissions.metrics.find(({ name }) => name === 'admission_running_weight')
  expect(running?.read()).toEqual(
    ['user', 'service', 'administrator'].map((caller) => ({
      labels: { caller },
      value: caller === kind ? 7 : 0,
    })),
  )
  admissions.close()
})
