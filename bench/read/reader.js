/** The service's own reading of what decides, statements and connections and all. */
import { config, load, policy } from './built.js'

const { openDatabase } = await load('postgres/database.js')
const { postgresAdapters } = await load('postgres/adapters.js')

export async function openReader() {
  const { server, ...settings } = config.database
  const database = await openDatabase({ ...settings, url: server.url, pooler: 'none' })
  const { facts } = postgresAdapters(database, policy)
  return {
    readFacts: (look) => (facts.readSight ?? facts.readFacts)(look),
    readContactFacts: (look) => (facts.readContactSight ?? facts.readContactFacts)(look),
  }
}
