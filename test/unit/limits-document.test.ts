import { describe, expect, it } from 'vitest'
import { settings, type SettingName } from '../../src/config/settings.ts'
import { constantsIn, constantsNamedLikeLimits, limitRows, numberIn } from '../support/limits-document.ts'

describe('docs/limits.md', () => {
  const rows = limitRows()

  it.each(rows)('says the default of "$limit"', ({ value, place: { name, file } }) => {
    const inCode =
      file === undefined ? settings[name as SettingName].parse(undefined) : constantsIn(file).get(name)
    expect(inCode, `${name} is no number of ${file ?? 'the settings'}`).toBeTypeOf('number')
    expect(numberIn(value)).toBe(inCode)
  })

  it.each(rows)('says what the peer is told of "$limit", and why', ({ cells }) => {
    expect(cells).toHaveLength(5)
    expect(cells.every((cell) => cell !== '')).toBe(true)
  })

  it('lists every constant that is named like a limit', () => {
    const listed = new Set(rows.map(({ place: { name, file } }) => `${name} in ${file ?? ''}`))
    expect(constantsNamedLikeLimits().filter((constant) => !listed.has(constant))).toEqual([])
  })

  it('lists every setting that is named like a limit', () => {
    const listed = new Set(rows.map(({ place }) => place.name))
    const bounds = Object.keys(settings).filter((name) => /^MAX_|_TIMEOUT_MS$|_POOL_SIZE$/.test(name))
    expect(bounds.filter((name) => !listed.has(name))).toEqual([])
  })
})
