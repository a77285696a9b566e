import type { AsciiJson } from './ascii-json.ts'

/** FIN and the opcode of text. */
const WHOLE_TEXT = 0x81
/** Lengths beyond 125 follow in two bytes, or in eight. */
const IN_TWO_BYTES = 126
const IN_EIGHT_BYTES = 127

/** A message as a server puts it on the wire (RFC 6455, 5.2): bytes, each as one character, to be written as latin1. */
export function textFrame(message: AsciiJson): string {
  return headerOf(message.length) + message
}

function headerOf(length: number): string {
  if (length < IN_TWO_BYTES) return String.fromCharCode(WHOLE_TEXT, length)
  if (length < 2 ** 16) return String.fromCharCode(WHOLE_TEXT, IN_TWO_BYTES, ...bytesOf(length, 2))
  return String.fromCharCode(WHOLE_TEXT, IN_EIGHT_BYTES, ...bytesOf(length, 8))
}

/** Big-endian. */
function bytesOf(number: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.floor(number / 256 ** (count - 1 - index)) % 256)
}
