import { expect, test } from 'vitest'
import { dateTime } from '../../src/graphql/date-time.ts'

test.each(['0001-01-01T00:00:00Z', '2026-11-22T15:30+05:30', '9999-12-31T23:59:59.999Z'])(
  'a moment of the years 1 to 9999 is taken: %s',
  (text) => {
    const taken = dateTime.parseValue(text)
    expect(taken).toBe(Date.parse(text))
    expect(dateTime.serialize(taken)).toMatch(/^\d{4}-/)
  },
)

test.each([
  '0000-12-31T23:59:59Z',
  '0001-01-01T00:00:00+01:00',
  '9999-12-31T23:59:59-23:59',
  '9999-12-31T24:00:00Z',
  '2026-11-22T15:30:00',
  '2026-13-01T00:00:00Z',
])('what is no moment, or is one that four digits of a year do not tell, is refused: %s', (text) => {
  expect(() => dateTime.parseValue(text)).toThrow('A DateTime is ISO 8601')
})
