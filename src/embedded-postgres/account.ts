import { lchown, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Who runs the server: PostgreSQL refuses to run as root. `undefined` stands for whoever we are ourselves. */
export type Account = { readonly uid: number; readonly gid: number } | undefined

/** "nobody": in /etc/passwd nearly everywhere, slim images included, which matters because initdb looks its user up. */
const nobody = { uid: 65534, gid: 65534 }

/**
 * Only root has to become someone else. Who has made the data keeps them: when root starts what a developer created
 * earlier, the server runs as that developer, so that the developer can start it again afterwards.
 */
export async function accountFor(clusterFolder: string): Promise<Account> {
  if (process.getuid?.() !== 0) return undefined
  const owner = await stat(clusterFolder).catch(() => undefined)
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : nobody
}

/** Hands over a folder and all in it; the folder itself last, so that its owner tells whether all of it was done. */
export async function giveTo(folder: string, account: NonNullable<Account>): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await lchown(join(entry.parentPath, entry.name), account.uid, account.gid)
  }
  await lchown(folder, account.uid, account.gid)
}

/**
 * How the server names a folder that we name `folder`; its working directory must be that folder.
 *
 * A server that root starts runs as another account, which may not reach the folder by its path: a clone below /root
 * (mode 0700) is the usual case. Opening the parents would expose them, and data in the temporary folder would be lost
 * on a restart. But only path look-ups need the parents: the process enters the folder while it is still root, and the
 * working directory, which its children inherit, stays good. PostgreSQL insists on an absolute name, and on Linux this
 * is one for it. Elsewhere such a folder is refused by initdb, which says why.
 */
export function nameForServer(folder: string, account: Account): string {
  return account !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : folder
}
