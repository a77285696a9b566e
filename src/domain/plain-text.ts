/** U+2028 and U+2029 break lines; all others of these are control characters. */
const CONTROL_OR_LINE_BREAK = /[\p{Cc}\u2028\u2029]/u

/** Format characters cannot be seen; without U+200C and U+200D some scripts and emoji cannot be written. Variation selectors are none of them. */
const INVISIBLE = /(?![\u200c\u200d])\p{Cf}/u

/** A flag of a region, such as that of Scotland. Anywhere else, tag characters hide a text within the text. */
const TAGGED_FLAG = /\u{1f3f4}[\u{e0020}-\u{e007e}]+\u{e007f}/gu

/** Whether a text that one user writes and others read shows all that it holds: nothing invisible, and nothing that changes the writing direction. */
export function isPlainText(text: string): boolean {
  if (!text.isWellFormed() || CONTROL_OR_LINE_BREAK.test(text)) return false
  return !INVISIBLE.test(text) || !INVISIBLE.test(text.replace(TAGGED_FLAG, ''))
}
