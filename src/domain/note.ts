const MAX_CODE_POINTS = 280
const CONTROL_OR_BIDI_OVERRIDE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

export type NoteFault = 'TOO_LONG' | 'NOT_PLAIN_TEXT'

/** A note as it is stored and shown: NFC, plain text of at most 280 code points; an empty one is none. */
export function parseNote(value: string): { note: string | null } | { fault: NoteFault } {
  if (!value.isWellFormed()) return { fault: 'NOT_PLAIN_TEXT' }
  if (value.length > MAX_CODE_POINTS * 8) return { fault: 'TOO_LONG' }
  if (CONTROL_OR_BIDI_OVERRIDE.test(value)) return { fault: 'NOT_PLAIN_TEXT' }
  const note = value.normalize('NFC').trim()
  if (Array.from(note).length > MAX_CODE_POINTS) return { fault: 'TOO_LONG' }
  return { note: note === '' ? null : note }
}
