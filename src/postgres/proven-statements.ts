import type { UserId } from '../domain/user-id.ts'
import type { Query, Statements } from './database.ts'
import { prove } from './proof.ts'
import type { ServerIdentity } from './server-identity.ts'
import type { Send } from './two-trips.ts'

export type Proof = {
  /** Null for the service itself, or its operator. */
  readonly caller: UserId | null
  /** The server that a pooler must lead to: its statements also prove the cluster and its timeline. Null without a pooler. */
  readonly pooledServer: ServerIdentity | null
}

/** Statements that prove, each in its own snapshot, that their server is the primary and that their caller was not erased. */
export function provenStatements(plain: Statements, proof: Proof): Statements {
  const provenSend =
    (send: Send): Send =>
    (sql, parameters) =>
      send(...proven(sql, parameters, proof))
  return {
    answersWithinMs: plain.answersWithinMs,
    ...provenReads(plain, proof),
    transaction: (work) => plain.transaction((query, manager) => work(provenQuery(query, proof), manager)),
    inTwoTrips: ({ before, read, write }) =>
      plain.inTwoTrips({
        ...(before && { before: (send: Send) => before(provenSend(send)) }),
        read: (query) => read(provenQuery(query, proof)),
        write: (send, found) => write(provenSend(send), found),
      }),
  }
}

/** The reading part of `provenStatements`. */
export function provenReads(plain: Statements, proof: Proof): Pick<Statements, 'query' | 'read'> {
  return {
    query: provenQuery(plain.query, proof),
    read: (sql, parameters) => plain.read(...proven(sql, parameters, proof)),
  }
}

function provenQuery(query: Query, proof: Proof): Query {
  return (sql, parameters) => query(...proven(sql, parameters, proof))
}

function proven(
  sql: string,
  parameters: readonly unknown[],
  { caller, pooledServer }: Proof,
): readonly [text: string, parameters: readonly unknown[]] {
  const condition = pooledServer?.conditionOfWrongServer() ?? null
  const { text, takesCaller } = prove(sql, parameters.length, condition)
  return [text, takesCaller ? [...parameters, caller] : parameters]
}
