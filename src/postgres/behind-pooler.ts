import type { Statements } from './database.ts'
import type { ServerIdentity } from './server-identity.ts'

/**
 * Statements through a pooler, whose connections are none of ours and cannot be proved one by one. Each statement that decides or shows anything proves its
 * server itself; and none at all is sent after the clock (`watchWrites`) has found that the pooler leads to a server that must not be asked.
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
