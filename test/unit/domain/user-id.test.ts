import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareBytes, endOfPrefix, parseIdPrefix, parseUserId } from '../../../src/domain/user-id.ts'

describe("a user's id", () => {
  it('is opaque: whatever another subgraph says, unchanged', () => {
    for (const id of [
      '1',
      'u-42',
      'VXNlcjo0Mg==',
      'pia@example.org',
      ' a b ',
      'Zoë',
      '用户',
      '\u{1F642}',
      '"\'; --',
      '%00',
    ]) {
      expect(parseUserId(id)).toBe(id)
    }
  })

  it('is compared byte for byte: neither case nor Unicode form makes two ids one', () => {
    expect(parseUserId('Pia')).not.toBe(parseUserId('pia'))
    expect(parseUserId('e\u0301')).toBe('e\u0301')
    expect(parseUserId('\u00e9')).toBe('\u00e9')
    expect(parseUserId('a ')).not.toBe(parseUserId('a'))
  })

  it('has 1 to 255 bytes of UTF-8, not characters', () => {
    expect(parseUserId('')).toBeUndefined()
    expect(parseUserId('a'.repeat(255))).toHaveLength(255)
    expect(parseUserId('a'.repeat(256))).toBeUndefined()
    expect(parseUserId(`${'é'.repeat(127)}a`)).toHaveLength(128)
    expect(parseUserId('é'.repeat(128))).toBeUndefined()
    expect(parseUserId('用'.repeat(85))).toHaveLength(85)
    expect(parseUserId('用'.repeat(86))).toBeUndefined()
    expect(parseUserId('\u{1F642}'.repeat(63))).toHaveLength(126)
    expect(parseUserId('\u{1F642}'.repeat(64))).toBeUndefined()
    expect(parseUserId('a'.repeat(2 ** 20))).toBeUndefined()
  })

  it('has no control characters, wherever they stand: NUL cannot be stored', () => {
    const controls = [...Array(0x20).keys(), ...Array.from({ length: 0x21 }, (_, at) => 0x7f + at)]
    for (const character of controls.map((code) => String.fromCodePoint(code))) {
      for (const id of [character, `${character}a`, `a${character}`]) expect(parseUserId(id)).toBeUndefined()
    }
    expect(parseUserId('\u00a0')).toBe('\u00a0')
  })

  it('has no half surrogate pairs: two of them would be one id in storage', () => {
    for (const id of ['\ud800', '\ud801', 'a\udfff', '\udc00a', '\udc00\ud800'])
      expect(parseUserId(id)).toBeUndefined()
  })
})

describe('the beginning of an id', () => {
  const bytesOf = (text: string) => Buffer.from(text)
  const anyText = fc.string({
    unit: fc.oneof(
      { arbitrary: fc.constantFrom('a', '\ud7ff', '\ue000', '\uffff', '\u{10ffff}'), weight: 2 },
      { arbitrary: fc.constant('\u{1f642}'), weight: 1 },
    ),
    maxLength: 4,
  })

  it('is a range of bytes: from itself to its end, and nothing that begins otherwise', () => {
    fc.assert(
      fc.property(anyText, anyText, (prefix, id) => {
        const isWithin =
          Buffer.compare(bytesOf(id), bytesOf(prefix)) >= 0 &&
          Buffer.compare(bytesOf(id), bytesOf(endOfPrefix(prefix))) < 0
        expect(isWithin).toBe(id.startsWith(prefix))
        expect(endOfPrefix(prefix).isWellFormed()).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  it('has no end within the ids when it is empty', () => {
    const last = `${'\u{10ffff}'.repeat(63)}\uffff`
    expect(parseUserId(last)).toBe(last)
    expect(Buffer.compare(bytesOf(last), bytesOf(endOfPrefix('')))).toBe(-1)
  })

  it('is text that an id can hold, or empty', () => {
    expect(parseIdPrefix('')).toBe('')
    expect(parseIdPrefix('%_\\')).toBe('%_\\')
    expect(parseIdPrefix('\u0000')).toBeUndefined()
    expect(parseIdPrefix('\ud800')).toBeUndefined()
    expect(parseIdPrefix('é'.repeat(128))).toBeUndefined()
  })
})

describe('the order of ids', () => {
  it('is that of their bytes', () => {
    const anyId = fc
      .array(fc.constantFrom('a', 'b', 'é', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'), {
        minLength: 1,
        maxLength: 5,
      })
      .map((characters) => parseUserId(characters.join(''))!)
    fc.assert(
      fc.property(anyId, anyId, (one, other) => {
        const expected = Buffer.compare(Buffer.from(one), Buffer.from(other))
        expect(Math.sign(compareBytes(one, other))).toBe(expected)
      }),
      { numRuns: 1000 },
    )
  })
})
