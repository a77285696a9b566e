import type pg from 'pg'

/** The columns of all tables, by type. */
export type Columns = {
  readonly typesOf: (name: string) => readonly string[]
  /** Other columns of the tables that have one of this name, which are of its type. */
  readonly sameTypeAs: (name: string) => readonly string[]
}

export async function readColumns(client: pg.Client): Promise<Columns> {
  const { rows } = await client.query<{ table: string; name: string; type: string }>(`
    select table_name as table, column_name as name,
      case when data_type = 'ARRAY' then 'text[]' else data_type end as type
    from information_schema.columns
    where table_schema = 'presence_privacy' and table_name <> 'migrations'`)
  const called = (name: string) => rows.filter((row) => row.name === name)
  return {
    typesOf: (name) => [...new Set(called(name).map(({ type }) => type))],
    sameTypeAs: (name) => {
      const others = called(name).flatMap(({ table, type }) =>
        rows.filter((row) => row.table === table && row.type === type && row.name !== name),
      )
      return [...new Set(others.map((row) => row.name))]
    },
  }
}
