import type pg from 'pg'
import { Unavailable } from '../application/ports.ts'

/** The class of warnings: `WARNING: canceling wait for synchronous replication` has 01000. */
const WARNING = '01'

/**
 * Sends a commit, and fails if the server warns. A commit that waited for its standbys and was cancelled, by a timeout or an operator, is answered
 * as a success with a warning: it stands here and may be lost with this server. Nobody knows its outcome, so nobody is told that it succeeded.
 */
export async function commitWithoutDoubt<Result>(
  client: pg.Client | pg.PoolClient,
  commit: () => Promise<Result>,
): Promise<Result> {
  let warning: unknown
  const hear = (notice: { readonly code?: string | undefined }): void => {
    if (notice.code?.startsWith(WARNING)) warning = notice
  }
  client.on('notice', hear)
  try {
    const result = await commit()
    if (warning !== undefined) throw new Unavailable(warning)
    return result
  } finally {
    client.removeListener('notice', hear)
  }
}
