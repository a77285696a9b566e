import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The lock file that a server keeps in its data folder: its process id is the first line. */
const lockFileName = 'postmaster.pid'

/** The process that the lock file names, as text for a message. */
export async function lockHolder(pgdata: string): Promise<string> {
  const lock = await readFile(join(pgdata, lockFileName), 'utf8').catch(() => '')
  return lock.split('\n')[0] ?? ''
}

/**
 * After a kill -9 or a power cut the lock file stays, and PostgreSQL takes it for valid as long as *some* process has
 * that id: after a restart of a container, often one of our own threads. Where we can see that the process is no
 * PostgreSQL server, we put our own id in its place, because a server never counts its parent as a rival; the rest of
 * the file stays, and with it PostgreSQL's own check that no backend of the old server is still at work.
 *
 * Answers whether another attempt can help. Without /proc we cannot know, and the caller reports the folder as in use.
 */
export async function disarmLeftoverLock(pgdata: string): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const holder = await lockHolder(pgdata)
  if (!/^\d+$/.test(holder) || holder === String(process.pid)) return false
  const command = await readFile(`/proc/${holder}/comm`, 'utf8').catch(() => undefined)
  if (command === undefined || command.trim() === 'postgres') return false
  const path = join(pgdata, lockFileName)
  const lock = await readFile(path, 'utf8')
  await writeFile(path, lock.replace(/^\d+/, String(process.pid)))
  return true
}
