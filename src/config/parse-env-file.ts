const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])
const UTF_16 = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])]

const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/s
const QUOTES = ['"', "'", '`']

export type EnvFile = {
  readonly variables: ReadonlyMap<string, string>
  /** Lines that cannot be read, by number. None quotes a line: it may hold a password. */
  readonly faults: readonly string[]
}

/**
 * Reads lines `NAME=value`. A value may stand in quotes, and then go over several lines; in double quotes `\n` is a line break. What
 * follows a blank and `#` is a comment. A line that is neither blank nor a comment nor an assignment is a fault, as is a name that
 * stands there twice, a quote that is not closed, or a `#` within a value without quotes, which other readers would cut it off at.
 */
export function parseEnvFile(content: Buffer): EnvFile {
  if (UTF_16.some((mark) => content.subarray(0, 2).equals(mark)) || content.includes(0)) {
    return { variables: new Map(), faults: ['it is no UTF-8 text, perhaps UTF-16. Save it as UTF-8.'] }
  }
  const text = content.subarray(0, 3).equals(BYTE_ORDER_MARK) ? content.subarray(3) : content
  const lines = linesOf(text)
  const variables = new Map<string, string>()
  const lineOf = new Map<string, number>()
  const faults: string[] = []
  for (let at = 0; at < lines.length; at += 1) {
    const number = at + 1
    const fault = (what: string): void => void faults.push(`line ${number}: ${what}`)
    const line = lines[at]
    if (line === undefined || line === null) {
      fault('it is no UTF-8 text.')
      continue
    }
    if (/^\s*(#|$)/.test(line)) continue
    const [, name, rest = ''] = ASSIGNMENT.exec(line) ?? []
    if (name === undefined) {
      fault('it is neither NAME=value nor a comment.')
      continue
    }
    const read = valueOf(rest.trim(), lines, at)
    at = read.lastLine
    const before = lineOf.get(name)
    if (before !== undefined) fault(`${name} is set in line ${before} already. Keep one of the two.`)
    lineOf.set(name, number)
    if ('fault' in read) fault(`${name} ${read.fault}`)
    else variables.set(name, read.value)
  }
  return { variables, faults }
}

/** null stands for a line that is no UTF-8 text. */
function linesOf(text: Buffer): (string | null)[] {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  return text
    .toString('latin1')
    .split(/\r\n|\n|\r/)
    .map((line) => {
      try {
        return decoder.decode(Buffer.from(line, 'latin1'))
      } catch {
        return null
      }
    })
}

type Value = { readonly lastLine: number } & ({ readonly value: string } | { readonly fault: string })

function valueOf(rest: string, lines: readonly (string | null)[], at: number): Value {
  const quote = QUOTES.find((mark) => rest.startsWith(mark))
  if (quote === undefined) {
    const value = (rest.startsWith('#') ? '' : rest).replace(/\s+#.*$/s, '').trimEnd()
    return value.includes('#')
      ? { fault: 'has a # in its value. Put the value in quotes.', lastLine: at }
      : { value, lastLine: at }
  }
  let quoted = rest.slice(1)
  let lastLine = at
  while (!quoted.includes(quote)) {
    lastLine += 1
    const next = lines[lastLine]
    // The lines after it are read by themselves: one quote that is missing must not swallow the file.
    if (next === undefined || next === null)
      return { fault: 'opens a quote that is not closed.', lastLine: at }
    quoted += `\n${next}`
  }
  const end = quoted.indexOf(quote)
  if (!/^\s*(#|$)/.test(quoted.slice(end + 1))) {
    return { fault: 'has something behind its closing quote.', lastLine }
  }
  const value = quoted.slice(0, end)
  return { value: quote === '"' ? value.replaceAll('\\n', '\n') : value, lastLine }
}
