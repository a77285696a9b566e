import { UserErased } from '../../src/application/ports.ts'
import type { Ports } from '../../src/graphql/context.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import type { MemoryTables } from './memory-tables.ts'

/** The ports as a caller uses them: no method of them does anything, or tells anything, once the caller was erased. */
export function memoryPortsOf(
  tables: MemoryTables,
  caller: UserId,
  ports: Omit<Ports, 'proveCaller'>,
): Ports {
  const prove = (): void => {
    if (tables.erased.has(caller)) throw new UserErased()
  }
  const proveCaller = async (): Promise<void> => {
    await Promise.resolve()
    prove()
  }
  const proven = Object.entries(ports).map(([name, port]) => [name, provenPort(port, prove)])
  return { ...(Object.fromEntries(proven) as Omit<Ports, 'proveCaller'>), proveCaller }
}

function provenPort(port: object, prove: () => void): object {
  const methods = Object.entries(port as Record<string, (...args: unknown[]) => Promise<unknown>>)
  return Object.fromEntries(
    methods.map(([name, method]) => [
      name,
      async (...args: unknown[]) => {
        prove()
        const answer = await method(...args)
        // An erasure that came while it was read is in what was read, or comes after it: either way nothing is told.
        if (!CHANGES.has(name)) prove()
        return answer
      },
    ]),
  )
}

/** What is done is done, though the caller was erased in the meantime: an administrator may erase himself. */
const CHANGES: ReadonlySet<string> = new Set(['erase', 'change', 'record'])
