import { randomUUID } from 'node:crypto'
import { chmod, copyFile, lstat, mkdir, readFile, readdir, rename, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

/**
 * Copies the binaries (about 55 MB, once) to a folder of the temporary folder that everybody may read and only we may
 * write, and answers where. A folder found there is completed file by file: cleaners of temporary folders remove single
 * old files, and two processes may be copying at once, so each file appears whole, by a rename, or not at all.
 *
 * @throws EmbeddedPostgresError `BINARIES_UNUSABLE` when someone else has made a folder of that name
 */
export async function copyBinaries(nativeFolder: string): Promise<string> {
  const manifest = await readFile(join(dirname(nativeFolder), 'package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  const copy = join(tmpdir(), `presence-privacy-postgres-${version}-${process.getuid?.() ?? 'user'}`)
  await mkdir(copy, { recursive: true })
  await requireOurs(copy)
  // Modes are set apart from creation: our umask may be 077.
  await chmod(copy, 0o755)

  const entries = await readdir(nativeFolder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const from = join(entry.parentPath, entry.name)
    const to = join(copy, relative(nativeFolder, from))
    if (entry.isDirectory()) {
      await mkdir(to, { recursive: true })
      await chmod(to, 0o755)
    } else if (entry.isFile() && !entry.name.endsWith('.a')) {
      await copyUnlessThere(from, to)
    }
  }
  return copy
}

/** The name is guessable and the temporary folder open to all: run nothing that another user could have put there. */
async function requireOurs(folder: string): Promise<void> {
  if (process.getuid === undefined) return
  const found = await lstat(folder)
  if (found.isDirectory() && found.uid === process.getuid() && (found.mode & 0o022) === 0) return
  throw new EmbeddedPostgresError(
    'BINARIES_UNUSABLE',
    `${folder} belongs to another user or can be written by others. Remove it, or set TMPDIR to another folder.`,
  )
}

async function copyUnlessThere(from: string, to: string): Promise<void> {
  const [source, target] = await Promise.all([stat(from), stat(to).catch(() => undefined)])
  if (target?.size === source.size) return
  const unfinished = `${to}.${randomUUID()}`
  await copyFile(from, unfinished)
  await chmod(unfinished, 0o755)
  await rename(unfinished, to)
}
