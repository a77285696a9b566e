import { readFile, readlink, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The lock file that a server keeps in its data folder: its process id is the first line. */
const lockFileName = 'postmaster.pid'

/** Whom the lock file names, for a message; what it holds may have been cut off. */
export async function lockHolder(
  pgdata: string,
): Promise<{ readonly process: string } | { readonly garbled: true }> {
  const lock = await readFile(join(pgdata, lockFileName), 'utf8').catch(() => '')
  const [first = ''] = lock.split('\n')
  return /^\d+$/.test(first) ? { process: first } : { garbled: true }
}

/**
 * After a kill -9 or a power cut the lock file stays, and PostgreSQL takes it for valid as long as *some* process has
 * that id: after a restart of a container, often one of our own threads. Where we can see that the process is no
 * PostgreSQL server, or one of another folder, we put our own id in its place, because a server never counts its parent
 * as a rival; the rest of the file stays, and with it PostgreSQL's own check that no backend of the old server is still
 * at work.
 *
 * Answers whether another attempt can help. Without /proc we cannot know, and the caller reports the folder as in use.
 */
export async function disarmLeftoverLock(pgdata: string): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const holder = await lockHolder(pgdata)
  if ('garbled' in holder || holder.process === String(process.pid)) return false
  if (await servesHere(holder.process, pgdata)) return false
  const path = join(pgdata, lockFileName)
  const lock = await readFile(path, 'utf8')
  await writeFile(path, lock.replace(/^\d+/, String(process.pid)))
  return true
}

/** A server's working directory is its data folder. Whom we may not look at may be one. */
async function servesHere(processId: string, pgdata: string): Promise<boolean> {
  const command = await readFile(`/proc/${processId}/comm`, 'utf8').catch(() => undefined)
  if (command === undefined) return true
  if (command.trim() !== 'postgres') return false
  const [workingFolder, folder] = await Promise.all([
    readlink(`/proc/${processId}/cwd`).catch(() => undefined),
    realpath(pgdata),
  ])
  return workingFolder === undefined || workingFolder === folder
}
