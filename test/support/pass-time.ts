import type { TestDatabase } from './database.ts'

/**
 * Lets time pass in a database. Its clock cannot be moved, so everything that carries a time becomes so much older instead: all
 * columns of that type in all tables, as the database lists them, so that none is forgotten, and all numbers in JSON, which are
 * times as well.
 */
export function timePasser(database: TestDatabase): (ms: number) => Promise<void> {
  let statement: Promise<string> | undefined
  return async (ms) => {
    await database.query(await (statement ??= shiftAllTimes(database)), [ms])
  }
}

async function shiftAllTimes(database: TestDatabase): Promise<string> {
  const tables = await database.query<{ name: string; columns: string[]; json: string[] }>(`/* passTime */
    select quote_ident(table_schema) || '.' || quote_ident(table_name) as name,
      array_agg(quote_ident(column_name)::text) filter (where data_type <> 'json') as columns,
      coalesce(array_agg(quote_ident(column_name)::text) filter (where data_type = 'json'), '{}') as json
    from information_schema.columns
    where table_schema = 'presence_privacy' and data_type in ('timestamp with time zone', 'json')
    group by table_schema, table_name`)
  if (tables.length === 0) throw new Error('no table carries a time')
  const updates = tables.map(({ name, columns, json }, number) => {
    const shifts = [
      ...columns.map((column) => `${column} = ${column} - $1::float8 * interval '1 millisecond'`),
      ...json.map((column) => `${column} = ${shiftedJson(column)}`),
    ]
    return `shift${number} as (update ${name} set ${shifts.join(', ')})`
  })
  return `/* passTime */ with ${updates.join(', ')} select 1`
}

/** An array of objects. */
function shiftedJson(column: string): string {
  return `(
    select json_agg((
      select json_object_agg(key, case json_typeof(value)
        when 'number' then to_json((value::text::float8 - $1::float8)::bigint)
        else value
      end)
      from json_each(element)
    )) from json_array_elements(${column}) as element)`
}
