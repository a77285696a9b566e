/** The service's own statements and its own reading of their rows, on nothing but the pool of pg. */
import pg from 'pg'
import { config, load } from './built.js'

const { postgresFactsReader } = await load('postgres/facts-reader.js')

/** Statements open with their caller's name in a comment. */
const CALLER = /^\/\* (\w+) \*\//

export function openReader() {
  const { server, poolSize } = config.database
  const pool = new pg.Pool({ connectionString: server.url, max: poolSize, idleTimeoutMillis: 0 })
  return postgresFactsReader(async (text, values) => {
    const { rows } = await pool.query({ name: CALLER.exec(text)[1], text, values })
    return rows
  })
}
