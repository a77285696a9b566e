import type { AsciiJson } from './ascii-json.ts'

/** FIN and the opcode of text. */
const WHOLE_TEXT = 0x81
/** FIN and the opcode of pong. */
const WHOLE_PONG = 0x8a
/** Lengths beyond 125 follow in two bytes, or in eight. */
const IN_TWO_BYTES = 126
const IN_EIGHT_BYTES = 127

/** A message as a server puts it on the wire (RFC 6455, 5.2): bytes, each as one character, to be written as latin1. */
export function textFrame(message: AsciiJson): string {
  return headerOf(message.length) + message
}

/** The answer to a ping, which carries its payload: at most 125 bytes. */
export function pongFrame(payload: Buffer): string {
  return String.fromCharCode(WHOLE_PONG, payload.length) + payload.toString('latin1')
}

/** Lengths are big-endian, and a text is too short for the upper four of eight bytes. */
function headerOf(length: number): string {
  if (length < IN_TWO_BYTES) return String.fromCharCode(WHOLE_TEXT, length)
  if (length < 2 ** 16) return String.fromCharCode(WHOLE_TEXT, IN_TWO_BYTES, length >> 8, length & 255)
  return String.fromCharCode(
    ...[WHOLE_TEXT, IN_EIGHT_BYTES, 0, 0, 0, 0],
    ...[length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255],
  )
}
