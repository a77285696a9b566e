/** The variables of this schema nest 5 levels deep; a router's representations may hold keys of other subgraphs within. */
const MAX_JSON_DEPTH = 64
/**
 * Texts, objects and lists, the names of members among the texts. `JSON.parse` takes up to 0.9 us for each of them, and a message of
 * 1 MB has room for 500,000. 10,000 representations have 50,000.
 */
const MAX_JSON_PARTS = 60_000

export type JsonExcess = 'depth' | 'parts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING_BRACE = 0x7b
const OPENING_BRACKET = 0x5b
const CLOSING_BRACE = 0x7d
const CLOSING_BRACKET = 0x5d

/**
 * How many parts a JSON text has; Infinity where it nests too deep. Every text from a client is measured before it is parsed: what walks
 * a value recurses (`JSON.stringify`, coercion), and exhausts the stack where it nests a few thousand levels deep. The measuring itself is a
 * loop, and says nothing about whether the text is JSON.
 */
export function jsonParts(text: string): number {
  let depth = 0
  let parts = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      parts += 1
      at = endOfText(text, at + 1)
    } else if (code === OPENING_BRACE || code === OPENING_BRACKET) {
      parts += 1
      depth += 1
      if (depth > MAX_JSON_DEPTH) return Infinity
    } else if (code === CLOSING_BRACE || code === CLOSING_BRACKET) {
      depth -= 1
    }
  }
  return parts
}

/** What of a JSON text of so many parts is beyond the limits; undefined if nothing is. */
export function jsonExcess(parts: number, { maxParts = MAX_JSON_PARTS } = {}): JsonExcess | undefined {
  if (parts === Infinity) return 'depth'
  return parts > maxParts ? 'parts' : undefined
}

/** Parses within the limits; throws a `RangeError` beyond them, as for a text that is not JSON a `SyntaxError`. */
export function parseBoundedJson(text: string): unknown {
  const excess = jsonExcess(jsonParts(text))
  if (excess !== undefined) throw new RangeError(EXCESSIVE[excess])
  return JSON.parse(text)
}

/** The message for the client that sent it. */
export const EXCESSIVE: Record<JsonExcess, string> = {
  depth: `JSON nests at most ${String(MAX_JSON_DEPTH)} levels deep here.`,
  parts: `JSON holds at most ${String(MAX_JSON_PARTS)} texts, objects and lists here.`,
}

/** Where the quote stands that ends a text. */
function endOfText(text: string, from: number): number {
  let at = from
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) at += 1
    else if (code === QUOTE) break
  }
  return at
}
