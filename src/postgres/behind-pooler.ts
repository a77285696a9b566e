import type { Statements } from './database.ts'
import type { ServerIdentity } from './server-identity.ts'

/**
 * Statements through a pooler, whose connections are none of ours and cannot be proved one by one: none is sent after the pooler was found to lead to a
 * server that must not be asked. That is found out by the clock (`watchWrites`), so up to a second or so late.
 */
export function behindPooler(plain: Statements, identity: ServerIdentity): Statements {
  const unlessWrong = async <Result>(step: () => Promise<Result>): Promise<Result> => {
    identity.requireBehindPooler()
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
