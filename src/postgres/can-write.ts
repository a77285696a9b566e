import type { Query } from './database.ts'

const CAN_WRITE = `/* canWrite */
  select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off' as writable
  where $1::boolean`

/** Whether the server takes writes. After a failover a connection may lead to one that only reads, and answers all the same. */
export async function canWrite(query: Query): Promise<boolean> {
  const [row] = await query<{ writable: boolean }>(CAN_WRITE, [true])
  return row?.writable === true
}
