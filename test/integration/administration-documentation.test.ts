import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  FIRST_SETTINGS,
  SETTING_RANGES,
  type ClassSettings,
  type RangedSetting,
} from '../../src/domain/class-settings.ts'
import { createTestDatabase } from '../support/database.ts'
import { pageOf, stepsOn } from '../support/documented-steps.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { RulesDocument } from '../support/rules-document.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'
import type { Told } from '../support/told.ts'

let app: TestApp
let administrator: string

beforeAll(async () => {
  app = await startApp(await createTestDatabase())
  administrator = await tokenOf('root', { roles: ['administrator'] })
})
afterAll(() => app.stop())

describe('docs/administration.md', () => {
  const page = pageOf('administration')

  test('shows examples that run as they stand', async () => {
    const told = new Map<string, Told>()
    for (const { query } of stepsOn(page)) {
      const [, name = ''] = /^(?:query|mutation) (\w+)/.exec(query) ?? []
      const token = name === 'Own' ? await tokenOf('alice') : administrator
      told.set(name, await askGraphQL<Told>(app.url, { query, token }))
    }
    expect(told.get('Create')?.['createPresenceClassOfService'].outcome).toBe('CREATED')
    expect(told.get('Assign')?.['assignPresenceClassOfService'].outcome).toBe('ASSIGNED')
    expect(told.get('Forbid')?.['updatePresenceClassOfService'].outcome).toBe('UPDATED')
    expect(told.get('Own')?.['presencePrivacy']).toEqual({
      preference: { invitationHandlingLocked: true, appearOfflineLocked: true },
      classOfService: { name: 'sales', maxContacts: 200 },
    })
    expect(told.get('Administration')?.['presencePrivacyAdministration']).toMatchObject({
      user: { classOfService: { name: 'sales' }, effectivePresenceServer: 'OCS_2007' },
      site: { presenceServer: 'CONVERGED_CONFERENCING' },
    })
  })

  test('says the ranges and first values of all settings', () => {
    const rows = new RulesDocument(page).table('Classes of service')
    expect(rows.map(({ setting }) => setting)).toEqual(Object.keys(FIRST_SETTINGS))
    for (const { setting, range, 'at first': first } of rows) {
      expect(first).toBe(String(FIRST_SETTINGS[setting as keyof ClassSettings]))
      const { least, most } = SETTING_RANGES[setting as RangedSetting] ?? {}
      const year = most === 31_536_000 ? 'a year' : String(most)
      expect(range).toBe(most === undefined ? '' : `${least} to ${year}`)
    }
  })
})
