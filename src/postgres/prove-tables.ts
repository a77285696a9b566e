import type { EntityMetadata } from 'typeorm'

/** Every act of a user writes to these. */
const WRITTEN = ['presence_privacy.users', 'presence_privacy.pairs']

/**
 * An SQL expression that fails if a table, a column or the right to read one is missing: migrations may be missing, or a later release's migration may
 * have removed a column. It reads no row. Its value tells whether the role may write.
 */
export function proveTables(tables: readonly Pick<EntityMetadata, 'tablePath' | 'columns'>[]): string {
  const read = tables.map(({ tablePath, columns }) => {
    const names = columns.map(({ databaseName }) => `"${databaseName}"`)
    return `exists (select ${names.join(', ')} from ${tablePath} where false)`
  })
  const rights = WRITTEN.flatMap((table) =>
    ['INSERT', 'UPDATE'].map((right) => `has_table_privilege('${table}', '${right}')`),
  )
  return `${rights.join(' and ')} and not (${['false', ...read].join(' or ')})`
}
