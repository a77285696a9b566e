import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { giveTo, nameForServer, type Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { runProgram } from './run-program.ts'

/** initdb takes 0.5-2 s here; a slow disk that is told to sync a thousand files may take many times that. */
const initdbTimeoutMs = 180_000

/**
 * Sets up a new cluster. Password and data appear together, by one rename: a start that is interrupted leaves nothing
 * that looks like a cluster, and of two first starts at once one fails.
 */
export async function createCluster(creation: {
  dataFolder: string
  cluster: string
  account: Account
  binaries: Binaries
  durable: boolean
}): Promise<void> {
  const { dataFolder, cluster, account, binaries, durable } = creation
  const unfinished = join(dataFolder, `unfinished-${randomUUID()}`)
  const pgdata = join(unfinished, 'data')
  const passwordFile = join(unfinished, 'password')
  try {
    await mkdir(unfinished, { mode: 0o700 })
    await mkdir(pgdata, { mode: 0o700 })
    await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
    if (account) await giveTo(unfinished, account)
    const home = nameForServer(pgdata, account)
    const { succeeded, output } = await runProgram({
      program: binaries.initdb,
      args: [
        ...['--pgdata', home, '--username=postgres', '--pwfile', `${home}/../password`],
        ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C'],
        // The same order of strings on every machine; initdb would take it from the environment.
        ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
        ...(durable ? [] : ['--no-sync']),
      ],
      account,
      cwd: pgdata,
      timeoutMs: initdbTimeoutMs,
    })
    if (!succeeded) {
      throw new EmbeddedPostgresError(
        'INITDB_FAILED',
        `No database could be set up in ${dataFolder}. Check free space and permissions there, and that the account has an ` +
          `entry in /etc/passwd; or set DATABASE_URL to a PostgreSQL of your own. initdb said:\n${output}`,
      )
    }
    await rename(unfinished, cluster)
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

/**
 * Removes what interrupted starts have left. Only for who serves the folder: the initdb of a rival may be among it, and
 * that rival has lost already.
 */
export async function removeUnfinished(dataFolder: string): Promise<void> {
  for (const name of await readdir(dataFolder)) {
    if (name.startsWith('unfinished-')) await rm(join(dataFolder, name), { recursive: true, force: true })
  }
}
