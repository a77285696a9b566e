import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseNote } from '../../../src/domain/note.ts'

const FACE = '\u{1F642}'

describe('a note', () => {
  it('is kept as it is when it is plain text', () => {
    for (const note of ['back at 3', 'déjà vu', 'בחוץ', '外出中', FACE, 'a  b', '<b>&amp;"\\']) {
      expect(parseNote(note)).toEqual({ note })
    }
  })

  it('is normalised to NFC', () => {
    expect(parseNote('e\u0301')).toEqual({ note: '\u00e9' })
    expect(parseNote('\u212b')).toEqual({ note: '\u00c5' })
  })

  it('keeps what only looks alike', () => {
    for (const note of ['m²', 'ﬁn', 'ａ', '½', 'a\u00a0b']) expect(parseNote(note)).toEqual({ note })
  })

  it('loses the space around it, and is none when nothing is left', () => {
    expect(parseNote('  lunch ')).toEqual({ note: 'lunch' })
    for (const empty of ['', ' ', '\u00a0', '   ']) expect(parseNote(empty)).toEqual({ note: null })
  })

  it('has at most 280 code points, whatever their length in UTF-16', () => {
    expect(parseNote('a'.repeat(280))).toEqual({ note: 'a'.repeat(280) })
    expect(parseNote('a'.repeat(281))).toEqual({ fault: 'TOO_LONG' })
    expect(parseNote(FACE.repeat(280))).toEqual({ note: FACE.repeat(280) })
    expect(parseNote(FACE.repeat(281))).toEqual({ fault: 'TOO_LONG' })
  })

  it('is not looked through beyond eight times its length, whatever would be left of it', () => {
    expect(parseNote(' '.repeat(2240))).toEqual({ note: null })
    expect(parseNote(' '.repeat(2241))).toEqual({ fault: 'TOO_LONG' })
  })

  it('is measured after normalisation, which may shorten and lengthen it', () => {
    expect(parseNote('e\u0301'.repeat(280))).toEqual({ note: '\u00e9'.repeat(280) })
    expect(parseNote('\u03b1\u0313\u0300\u0345'.repeat(280))).toEqual({ note: '\u1f82'.repeat(280) })
    expect(parseNote('\u0958'.repeat(140))).toEqual({ note: '\u0915\u093c'.repeat(140) })
    expect(parseNote('\u0958'.repeat(141))).toEqual({ fault: 'TOO_LONG' })
  })

  it('of a megabyte is refused', () => {
    expect(parseNote('a'.repeat(2 ** 20))).toEqual({ fault: 'TOO_LONG' })
  })

  it('with a control character in it is refused, each of them', () => {
    const controls = [...Array(0x20).keys(), ...Array.from({ length: 0x21 }, (_, at) => 0x7f + at)]
    expect(controls).toHaveLength(65)
    for (const code of controls) {
      expect(parseNote(`a${String.fromCodePoint(code)}b`), code.toString(16)).toEqual({
        fault: 'NOT_PLAIN_TEXT',
      })
    }
  })

  it('that changes the writing direction or breaks the line is refused', () => {
    const codes = [
      0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068,
      0x2069,
    ]
    for (const code of codes) {
      expect(parseNote(`a${String.fromCodePoint(code)}b`), code.toString(16)).toEqual({
        fault: 'NOT_PLAIN_TEXT',
      })
    }
  })

  it('holds what scripts and emoji are written with', () => {
    const [scotland, family, heart] = [
      '\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}',
      '👨‍👩‍👧',
      '❤\ufe0f',
    ]
    for (const note of [
      scotland,
      `${scotland}${scotland} at home`,
      family,
      heart,
      'می\u200cخواهم',
      '葛\u{E0100}',
    ]) {
      expect(parseNote(note)).toEqual({ note })
    }
  })

  const ALLOWED = new Set([0x200c, 0x200d])
  const formats = Array.from({ length: 0x110000 }, (_, code) => code).filter(
    (code) => (code < 0xd800 || code > 0xdfff) && /\p{Cf}/u.test(String.fromCodePoint(code)),
  )

  it('with any other format character in it is refused, each of them, wherever it stands', () => {
    expect(formats.length).toBeGreaterThan(160)
    for (const code of formats) {
      const character = String.fromCodePoint(code)
      for (const text of [`a${character}b`, `\u{1F3F4}${character}b`, `note${character}`]) {
        const parsed = parseNote(text)
        if (ALLOWED.has(code)) expect(parsed, code.toString(16)).toHaveProperty('note')
        else expect(parsed, code.toString(16)).toEqual({ fault: 'NOT_PLAIN_TEXT' })
      }
    }
  })

  it('with tag characters that make no flag is refused', () => {
    const [flag, g, end] = ['\u{1F3F4}', '\u{E0067}', '\u{E007F}']
    const made = [
      g,
      `${flag}${g}`,
      `${flag}${end}`,
      `${flag}a${g}${end}`,
      `a${g}${end}`,
      `${flag}${g}${end}${g}`,
    ]
    const hidden = [
      `${flag}\u{E0001}${g}${end}`,
      `${flag}${flag}${g}${end}${g}${end}`,
      `${flag}${g}${flag}${g}${end}${end}`,
    ]
    for (const text of [...made, ...hidden])
      expect(parseNote(text), JSON.stringify(text)).toEqual({ fault: 'NOT_PLAIN_TEXT' })
  })

  it('with half a surrogate pair is refused', () => {
    for (const lone of ['\ud800', '\udc00', 'a\udbff', '\udfffb', '\udc00\ud800']) {
      expect(parseNote(lone)).toEqual({ fault: 'NOT_PLAIN_TEXT' })
    }
  })

  it('that was accepted is accepted again, unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        const once = parseNote(text)
        fc.pre('note' in once && once.note !== null)
        if ('note' in once) expect(parseNote(once.note ?? '')).toEqual(once)
      }),
    )
  })
})
