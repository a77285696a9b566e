import type { TestDatabase } from './database.ts'

/** Where an id is found, in whatever a column can be read as: whole tables, as the database lists their columns. */
export async function placesOf(database: TestDatabase, id: string): Promise<readonly string[]> {
  const columns = await database.query<{ table: string; column: string }>(`
    select table_name as table, column_name as column
    from information_schema.columns
    where table_schema = 'presence_privacy'
    order by table_name, column_name`)
  if (columns.length < 50) throw new Error('the columns were not found')
  const found = await Promise.all(
    columns.map(async ({ table, column }) => {
      const bytes = column === 'id_digest' ? `encode(${column}, 'escape')` : `${column}::text`
      const [row] = await database.query<{ found: boolean }>(
        `select exists (select from presence_privacy."${table}" where position($1 in ${bytes}) > 0) as found`,
        [id],
      )
      return row?.found === true ? [`${table}.${column}`] : []
    }),
  )
  return found.flat()
}
