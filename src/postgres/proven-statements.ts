import type { UserId } from '../domain/user-id.ts'
import type { Query, Statements } from './database.ts'
import { prove } from './proof.ts'
import type { ServerIdentity } from './server-identity.ts'
import type { Send } from './two-trips.ts'

/**
 * Statements that prove, each in its own snapshot, that their server is the primary and that their caller was not erased. A caller of null is the
 * service itself, or its operator. Behind a pooler they prove the cluster and its timeline, too.
 */
export function provenStatements(
  plain: Statements,
  caller: UserId | null,
  behindPooler: ServerIdentity | null,
): Statements {
  type Sent = readonly [text: string, parameters: readonly unknown[]]
  const proven = (sql: string, parameters: readonly unknown[]): Sent => {
    const { text, takesCaller } = prove(
      sql,
      parameters.length,
      behindPooler?.conditionOfWrongServer() ?? null,
    )
    return [text, takesCaller ? [...parameters, caller] : parameters]
  }
  const provenQuery =
    (query: Query): Query =>
    (sql, parameters) =>
      query(...proven(sql, parameters))
  const provenSend =
    (send: Send): Send =>
    (sql, parameters) =>
      send(...proven(sql, parameters))
  return {
    answersWithinMs: plain.answersWithinMs,
    query: provenQuery(plain.query),
    read: (sql, parameters) => plain.read(...proven(sql, parameters)),
    transaction: (work) => plain.transaction((query, manager) => work(provenQuery(query), manager)),
    inTwoTrips: ({ before, read, write }) =>
      plain.inTwoTrips({
        ...(before && { before: (send: Send) => before(provenSend(send)) }),
        read: (query) => read(provenQuery(query)),
        write: (send, found) => write(provenSend(send), found),
      }),
  }
}
