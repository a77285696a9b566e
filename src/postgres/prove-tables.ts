import type { EntityMetadata } from 'typeorm'

/** What every act of a user writes to. */
const WRITTEN = ['presence_privacy.users', 'presence_privacy.pairs']

/**
 * A statement that fails where a table or a column is missing, or a right to read one, as when migrations are missing or those of a later release have
 * removed what this one needs. It reads no row. Its value is whether the role may write.
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
