import { expect, it } from 'vitest'
import { effectivePresenceServer } from '../../../src/domain/presence-server.ts'

it.each([
  ['OCS_2007', 'CONVERGED_CONFERENCING', 'OCS_2007'],
  ['CONVERGED_CONFERENCING', 'OCS_2007', 'CONVERGED_CONFERENCING'],
  ['NONE_KNOWN', 'OCS_2007', 'OCS_2007'],
  ['OCS_2007', 'NONE_KNOWN', 'OCS_2007'],
  ['NONE_KNOWN', 'NONE_KNOWN', 'NONE_KNOWN'],
] as const)('of a user’s own presence server %s and the site’s %s, %s counts', (own, ofSite, counts) => {
  expect(effectivePresenceServer({ own, ofSite })).toBe(counts)
})
