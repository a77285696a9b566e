import type pg from 'pg'
import { sealing } from '../../src/postgres/sealed-ids.ts'
import type { State } from './state.ts'

/** Which table holds which rows, and the columns of a row that are times or JSON; written here once more, so that nothing of the product is used. */
const TABLES = {
  classes: { table: 'classes_of_service', order: 'id' },
  users: { table: 'users', order: 'id' },
  pairs: { table: 'pairs', order: 'watcher_id, presentity_id' },
  incoming: { table: 'incoming_items', order: 'id' },
  outgoing: { table: 'outgoing_requests', order: 'id' },
  answers: { table: 'answers', order: 'presentity_id, client_key' },
  trail: { table: 'trail', order: 'id' },
  acts: { table: 'administrative_acts', order: 'id' },
  actUsers: { table: 'administrative_act_users', order: 'act_id, user_id' },
} as const satisfies Partial<Record<keyof State, { table: string; order: string }>>
export type Stored = keyof typeof TABLES

const TIME = /(_at|_since|_until|_from|^at)$/

const SEALING_KEY = Buffer.alloc(32, 7)

/** The id of a row as everybody outside of the adapter has it. */
export function sealedId(table: 'trail' | 'acts', id: number): string {
  return sealing(SEALING_KEY, table).seal(String(id))
}

/** Writes a whole state into tables that hold none, but for the default class and the site's one row. */
export async function storeState(client: pg.Client, state: State): Promise<void> {
  await client.query('delete from presence_privacy.classes_of_service')
  for (const name of Object.keys(TABLES) as Stored[]) await insert(client, TABLES[name].table, state[name])
  const { presence_server, revision } = state.site
  await client.query(
    'update presence_privacy.site_settings set presence_server = $1, revision = $2, sealing_key = $3',
    [presence_server, revision, SEALING_KEY],
  )
  for (const id of state.erased) {
    await client.query(
      `insert into presence_privacy.erased_users (id_digest, erased_at) values (sha256(convert_to($1, 'UTF8')), $2)`,
      [id, new Date(state.now)],
    )
  }
  await client.query(`select setval('presence_privacy.administrative_acts_id_seq', 1000)`)
  await client.query(`select setval('presence_privacy.trail_id_seq', 1000)`)
}

async function insert(client: pg.Client, table: string, rows: readonly object[]): Promise<void> {
  const [first] = rows
  if (first === undefined) return
  const columns = Object.keys(first).join(', ')
  await client.query(
    `insert into presence_privacy.${table} (${columns})
    select ${columns} from json_populate_recordset(null::presence_privacy.${table}, $1::json)`,
    [JSON.stringify(rows.map(withDates))],
  )
}

function withDates(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]: [string, unknown]) => [
      column,
      TIME.test(column) && typeof value === 'number' ? new Date(value).toISOString() : value,
    ]),
  )
}

/** The rows of a table as a state holds them: times as milliseconds. Packed columns are left out, as they follow from the others. */
export async function rowsOf<Name extends Stored>(client: pg.Client, name: Name): Promise<State[Name]> {
  const { table, order } = TABLES[name]
  const { rows } = await client.query<Record<string, unknown>>(
    `select * from presence_privacy.${table} order by ${order}`,
  )
  return rows.map(({ visibility: _packed, ...row }) =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => [
        column,
        value instanceof Date ? value.getTime() : isNumber(column, value) ? Number(value) : value,
      ]),
    ),
  ) as State[Name]
}

/** node-postgres hands out numbers of 64 bits as texts. */
function isNumber(column: string, value: unknown): boolean {
  return (
    typeof value === 'string' &&
    (column === 'id' || column === 'act_id' || column === 'revision') &&
    /^\d+$/.test(value)
  )
}
