import { access, chmod, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../make-folder.ts'
import { accountFor, giveTo, type Account } from './account.ts'
import { findBinaries, type Binaries } from './binaries.ts'
import { createCluster } from './create-cluster.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

/**
 * A data folder that is ready to be served. Below the folder that the caller names:
 * - `cluster/password`: the superuser's password, mode 0600
 * - `cluster/data`: what PostgreSQL calls its data directory
 * - `unfinished-…`: a cluster whose initdb was interrupted; removed by the next start
 */
export type ClusterFolder = {
  readonly pgdata: string
  readonly password: string
  readonly account: Account
  readonly binaries: Binaries
}

/**
 * Opens the cluster in `dataFolder`, or makes one. Of two first starts at once, one makes it for both.
 *
 * @throws EmbeddedPostgresError
 */
export async function openClusterFolder(dataFolder: string, durable: boolean): Promise<ClusterFolder> {
  const cluster = join(dataFolder, 'cluster')
  try {
    await makeFolder(dataFolder)
    const account = await accountFor(cluster)
    const binaries = await findBinaries(account)
    if (!(await exists(cluster))) {
      await createCluster({ dataFolder, cluster, account, binaries, durable }).catch(
        async (error: unknown) => {
          // Another process may have set up the same folder meanwhile: its cluster is as good as ours.
          if (!(await exists(cluster))) throw error
        },
      )
    }
    return await readCluster(cluster, account, binaries)
  } catch (cause) {
    if (cause instanceof EmbeddedPostgresError) throw cause
    throw new EmbeddedPostgresError(
      'FOLDER_UNUSABLE',
      `The data folder ${dataFolder} cannot be used: ${(cause as Error).message}. Give the account that runs this ` +
        'process access to it, choose another folder, or remove it to start with empty data.',
      { cause },
    )
  }
}

async function readCluster(cluster: string, account: Account, binaries: Binaries): Promise<ClusterFolder> {
  const pgdata = join(cluster, 'data')
  const version = (await readFile(join(pgdata, 'PG_VERSION'), 'utf8')).trim()
  if (version !== binaries.majorVersion) {
    throw new EmbeddedPostgresError(
      'OTHER_MAJOR_VERSION',
      `The data in ${cluster} were written by PostgreSQL ${version}; this release brings ${binaries.majorVersion}, ` +
        `which cannot read them. Move ${cluster} away to start with empty data, or dump them with the release that ` +
        'wrote them and restore the dump here.',
    )
  }
  // Copies and restores made by root come back as root's, and PostgreSQL serves only its own, closed to all others.
  if (account && (await stat(cluster)).uid === 0) await giveTo(cluster, account)
  await chmod(pgdata, 0o700)
  return { pgdata, password: await readFile(join(cluster, 'password'), 'utf8'), account, binaries }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
