import { processorTimeOf } from '../processor-time.ts'
import type { Database } from './database.ts'
import type { Measurement } from './figures.ts'
import type { Run } from './load/main.ts'

/** A run, and what it costs the servers' processes and PostgreSQL. */
export async function measured(
  servers: readonly { readonly pid: number }[],
  database: Database,
  run: () => Promise<Run>,
): Promise<Measurement> {
  const nodes = async (): Promise<number> => {
    const times = await Promise.all(servers.map(({ pid }) => processorTimeOf(pid)))
    return times.reduce((sum, each) => sum + each, 0)
  }
  const [node, postgres] = await Promise.all([nodes(), database.processorTime()])
  const done = await run()
  const [nodeAfter, postgresAfter] = await Promise.all([nodes(), database.processorTime()])
  return { ...done, nodeUs: nodeAfter - node, postgresUs: postgresAfter - postgres }
}
