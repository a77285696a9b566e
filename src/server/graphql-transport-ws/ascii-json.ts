declare const ascii: unique symbol

/** JSON in which every character beyond ASCII is escaped: as many bytes as characters, in whichever encoding it is written. */
export type AsciiJson = string & { readonly [ascii]: true }

const BEYOND_ASCII = /[^\x00-\x7f]/
const EACH_BEYOND_ASCII = /[^\x00-\x7f]/g

/** Escaped once here, a payload goes to any number of sockets without being measured or encoded again. */
export function asciiJson(value: object | string): AsciiJson {
  const json = JSON.stringify(value)
  return (BEYOND_ASCII.test(json) ? json.replace(EACH_BEYOND_ASCII, escaped) : json) as AsciiJson
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
