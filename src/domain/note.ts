import { isPlainText } from './plain-text.ts'

const MAX_CODE_POINTS = 280

export type NoteFault = 'TOO_LONG' | 'NOT_PLAIN_TEXT'

/** A note as it is stored and shown: NFC, plain text of at most 280 code points; an empty one is none. */
export function parseNote(value: string): { note: string | null } | { fault: NoteFault } {
  // Before anything reads through all of it.
  if (value.length > MAX_CODE_POINTS * 8) return { fault: 'TOO_LONG' }
  if (!isPlainText(value)) return { fault: 'NOT_PLAIN_TEXT' }
  const note = value.normalize('NFC').trim()
  if (Array.from(note).length > MAX_CODE_POINTS) return { fault: 'TOO_LONG' }
  return { note: note === '' ? null : note }
}
