import { expect, it } from 'vitest'
import { takeMany } from '../simulation/live-many.ts'

/** Few of those that test/simulation/live-presence.test.ts takes: a mutant of the streams is run against them after the stories of test/live. */
const SCHEDULES = 1000

it('no stream shows what it must not, in some random schedules', async () => {
  const found = await takeMany({ from: 1, count: SCHEDULES })
  expect(found?.violation.message ?? '').toBe('')
}, 120_000)
