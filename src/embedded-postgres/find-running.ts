import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { connectionTo, databaseUrl } from './database-url.ts'

const PORT_LINE = 3
/** It is on this machine; one that takes longer is not well. */
const CONNECT_TIMEOUT_MS = 3000

/**
 * The URL of the server that runs on a data folder now, whichever process has started it; null if none answers there. It holds the
 * password: never log it. That server ends with the process that started it.
 */
export async function findRunningPostgres(dataFolder: string): Promise<string | null> {
  const cluster = join(dataFolder, 'cluster')
  const lock = await readFile(join(cluster, 'data', 'postmaster.pid'), 'utf8').catch(() => '')
  const password = await readFile(join(cluster, 'password'), 'utf8').catch(() => null)
  const port = lock.split('\n')[PORT_LINE] ?? ''
  if (password === null || !/^\d+$/.test(port)) return null
  const to = { password, port: Number(port) }
  return (await answers(to)) ? databaseUrl(to) : null
}

/** The file stays after a kill -9, and another program may have the port by now: only our password opens our server. */
async function answers(to: Parameters<typeof connectionTo>[0]): Promise<boolean> {
  const client = new pg.Client({ ...connectionTo(to), connectionTimeoutMillis: CONNECT_TIMEOUT_MS })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}
