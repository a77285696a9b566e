import pg from 'pg'

/** The statements that all clients of this process have sent since, oldest first, as their text. */
export type SentStatements = {
  readonly texts: () => readonly string[]
  /** The callers that the statements name; what opens and ends a transaction is left out, as the driver sends it. */
  readonly callers: () => readonly string[]
  /** The callers of those that wrote, each with the number of rows. */
  readonly rowsWritten: () => readonly (readonly [caller: string, rows: number])[]
  readonly stop: () => void
}

const DRIVERS_OWN = /^(start transaction|commit|rollback)\b/i

const WRITES = ['INSERT', 'UPDATE', 'DELETE']

/** Sent every few seconds, or when a connection is opened, whatever else is going on. */
const OF_CONNECTIONS = [
  '/* probeSignals */',
  '/* probeReads */',
  '/* completeSession */',
  '/* proveServer */',
  '/* proveWrites */',
  '/* verifyLive */',
]

/** Listens at the one place through which every statement goes, whoever sends it. */
export function countStatements(): SentStatements {
  const texts: string[] = []
  const written: [string, number][] = []
  const client = pg.Client.prototype as unknown as { query: (...args: unknown[]) => unknown }
  const { query } = client
  client.query = function (this: pg.Client, ...args: unknown[]) {
    const [statement] = args
    const text = typeof statement === 'string' ? statement : (statement as { text: string }).text
    if (!OF_CONNECTIONS.some((caller) => text.startsWith(caller))) texts.push(text)
    const answer = query.apply(this, args)
    if (answer instanceof Promise) answer.then(countRows(text), () => undefined)
    return answer
  }
  const countRows = (text: string) => (result: pg.QueryResult) => {
    if (WRITES.includes(result.command)) written.push([callerOf(text), result.rowCount ?? 0])
  }
  return {
    texts: () => texts,
    callers: () => texts.filter((text) => !DRIVERS_OWN.test(text)).map(callerOf),
    rowsWritten: () => written,
    stop() {
      client.query = query
    },
  }
}

function callerOf(text: string): string {
  return /^\s*\/\* ([\w.]+) \*\//.exec(text)?.[1] ?? `nobody: ${text}`
}
