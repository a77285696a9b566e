import type { Statements } from './database.ts'
import type { ServerIdentity } from './server-identity.ts'

/**
 * Statements through a pooler. Its connections to servers are not ours, so each statement that reads our tables proves its server itself. No
 * statement is sent while the check of every second (`watchWrites`) finds that the pooler leads to a wrong server.
 */
export function throughPooler(plain: Statements, identity: ServerIdentity): Statements {
  const unlessWrong = async <Result>(step: () => Promise<Result>): Promise<Result> => {
    identity.requirePooledServer()
    return step()
  }
  return {
    answersWithinMs: plain.answersWithinMs,
    query: <Row>(sql: string, parameters: readonly unknown[]) =>
      unlessWrong(() => plain.query<Row>(sql, parameters)),
    read: (sql, parameters) => unlessWrong(() => plain.read(sql, parameters)),
    transaction: (work) => unlessWrong(() => plain.transaction(work)),
    inTwoTrips: (steps) => unlessWrong(() => plain.inTwoTrips(steps)),
  }
}
