import { describe, expect, it } from 'vitest'
import {
  actAboutUsers,
  classAssigned,
  classChanged,
  classCreated,
  presenceServerSet,
  siteChanged,
} from '../../../src/domain/administrative-act.ts'
import { classWith, FIRST_SETTINGS } from '../../../src/domain/class-settings.ts'

const SALES = classWith('sales', FIRST_SETTINGS)

describe('what is recorded of an administrator’s act', () => {
  it('of a new class is every setting, as it is from then on', () => {
    expect(classCreated(SALES)).toEqual({
      kind: 'CLASS_CREATED',
      className: 'sales',
      settings: [
        { name: 'invitationHandling', before: null, after: 'USER_DEFINED' },
        { name: 'pendingShown', before: null, after: 'true' },
        { name: 'appearOfflineAllowed', before: null, after: 'true' },
        { name: 'maxContacts', before: null, after: '500' },
        { name: 'requestsPerMinute', before: null, after: '100' },
        { name: 'requestsPerDay', before: null, after: '1000' },
        { name: 'requestLifetimeSeconds', before: null, after: '1209600' },
        { name: 'requestCooldownSeconds', before: null, after: '60' },
      ],
    })
  })

  it('of a changed class is what became different, under the name that it had, and a new name', () => {
    const after = classWith('field', { ...FIRST_SETTINGS, pendingShown: false, maxContacts: 7 })
    expect(classChanged(SALES, after)).toEqual({
      kind: 'CLASS_CHANGED',
      className: 'sales',
      settings: [
        { name: 'name', before: 'sales', after: 'field' },
        { name: 'pendingShown', before: 'true', after: 'false' },
        { name: 'maxContacts', before: '500', after: '7' },
      ],
    })
    expect(classChanged(SALES, SALES).settings).toEqual([])
  })

  it('of users who are put into a class is the class', () => {
    expect(classAssigned('sales')).toEqual({ kind: 'CLASS_ASSIGNED', className: 'sales', settings: [] })
  })

  it.each([
    ['OCS_2007', 'OCS_2007'],
    ['CONVERGED_CONFERENCING', 'CONVERGED_CONFERENCING'],
    ['NONE_KNOWN', 'SITE_DEFAULT'],
  ] as const)('of a presence server %s is %s, as the API calls it', (server, after) => {
    const settings = [{ name: 'presenceServer', before: null, after }]
    expect(presenceServerSet(server)).toEqual({ kind: 'PRESENCE_SERVER_SET', className: null, settings })
  })

  it('of the site is what became different', () => {
    const [before, after] = [{ presenceServer: 'NONE_KNOWN' }, { presenceServer: 'OCS_2007' }] as const
    const settings = [{ name: 'presenceServer', before: 'NONE_KNOWN', after: 'OCS_2007' }]
    expect(siteChanged(before, after)).toEqual({ kind: 'SITE_CHANGED', className: null, settings })
    expect(siteChanged(after, after).settings).toEqual([])
  })

  it.each(['EXPORTED', 'SIGHT_EXPLAINED', 'ERASED'] as const)('of %s is that it was done', (kind) => {
    expect(actAboutUsers(kind)).toEqual({ kind, className: null, settings: [] })
  })
})
