/** The service's own reading and writing, statements and connections and all. */
import { config, load, policy } from './built.js'

const { openDatabase } = await load('postgres/database.js')
const { postgresAdapters } = await load('postgres/adapters.js')

export async function openPorts() {
  const { server, ...settings } = config.database
  const database = await openDatabase({ ...settings, url: server.url, pooler: 'none' })
  return postgresAdapters(database, policy)
}
