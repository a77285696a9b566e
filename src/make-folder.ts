import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it that are missing. node's own `recursive: true` never returns where the system says that a folder
 * above is missing and is there all the same, as in /proc; and a process with such a call under way does not even exit.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return requireFolder(folder, error)
    const above = dirname(folder)
    if (code !== 'ENOENT' || above === folder) throw error
    if (await isFolder(above)) throw error
    await makeFolder(above)
    await mkdir(folder).catch((again: unknown) => requireFolder(folder, again))
  }
}

async function requireFolder(path: string, error: unknown): Promise<void> {
  if (!(await isFolder(path))) throw error
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
