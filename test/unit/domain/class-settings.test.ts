import { describe, expect, it } from 'vitest'
import {
  classWith,
  DEFAULT_CLASS_NAME,
  FIRST_SETTINGS,
  parseClassName,
  parseNewClassName,
  SETTING_RANGES,
  settingFault,
  settingsOf,
  type ClassSettings,
  type RangedSetting,
} from '../../../src/domain/class-settings.ts'
import { DEFAULT_CLASS } from '../../support/storage.ts'

const RANGES: readonly [RangedSetting, number, number][] = [
  ['maxContacts', 0, 500],
  ['requestsPerMinute', 0, 10_000],
  ['requestsPerDay', 0, 100_000],
  ['requestLifetimeSeconds', 60, 31_536_000],
  ['requestCooldownSeconds', 0, 31_536_000],
]

describe('a new class of service', () => {
  it('is as the default class is at first', () => {
    expect(DEFAULT_CLASS_NAME).toBe('default')
    expect(classWith('default', FIRST_SETTINGS)).toEqual(DEFAULT_CLASS)
    expect(Object.isFrozen(FIRST_SETTINGS)).toBe(true)
  })

  it('has every setting in its own place, both ways', () => {
    const settings: ClassSettings = {
      ...{ invitationHandling: 'PROMPT', pendingShown: false, appearOfflineAllowed: true, maxContacts: 1 },
      ...{ requestsPerMinute: 2, requestsPerDay: 3, requestLifetimeSeconds: 64, requestCooldownSeconds: 5 },
    }
    const classOfService = classWith('strict', settings)
    expect(classOfService).toEqual({
      ...{ name: 'strict', invitationHandling: 'PROMPT', pendingShown: false, appearOfflineAllowed: true },
      ...{ maxContacts: 1, requestLimits: { perMinute: 2, perDay: 3 } },
      ...{ requestLifetimeMs: 64_000, requestCooldownMs: 5000 },
    })
    expect(settingsOf(classOfService)).toEqual(settings)
  })
})

describe('a number among the settings of a class', () => {
  it('has a range of its own', () => {
    expect(Object.entries(SETTING_RANGES).map(([name, { least, most }]) => [name, least, most])).toEqual(
      RANGES,
    )
  })

  it.each(RANGES)('%s is a whole number from %d to %d', (setting, least, most) => {
    for (const value of [least, least + 1, most]) expect(settingFault({ [setting]: value })).toBeUndefined()
    for (const value of [least - 1, most + 1, least + 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(settingFault({ [setting]: value })).toEqual({ setting, least, most })
    }
  })

  it('that is left out is no fault, and of several the first is told', () => {
    expect(settingFault({})).toBeUndefined()
    expect(settingFault({ pendingShown: true, requestsPerDay: -1, maxContacts: 501 })?.setting).toBe(
      'maxContacts',
    )
  })
})

describe('the name of a class', () => {
  it.each(['a', 'x'.repeat(100), '\u{1f642}'.repeat(100), 'two words', 'Größe'])('can be %s', (name) => {
    expect(parseClassName(name)).toBe(name)
    expect(parseNewClassName(name)).toBe(name)
  })

  it.each([
    ['nothing', ''],
    ['more than 100 characters', 'x'.repeat(101)],
    ['a space before', ' a'],
    ['a space after', 'a '],
    ['a control character', 'a\u0007b'],
    ['half a surrogate pair', 'a\ud83d'],
  ])('cannot hold %s', (_, name) => {
    expect(parseClassName(name)).toBeUndefined()
    expect(parseNewClassName(name)).toBeUndefined()
  })

  it('stays if it holds what cannot be seen, but no class is given such a one', () => {
    const invisible = 'a\u200bb'
    expect(parseClassName(invisible)).toBe(invisible)
    expect(parseNewClassName(invisible)).toBeUndefined()
  })
})
