import pg from 'pg'
import {
  ACCEPTS_ALL,
  CLASSES_REPEAT,
  CONTACTS_OF_VIEWER,
  OTHERS_OF_VIEWER,
  STEP,
  type Scene,
} from './scene.ts'

/** The id of the user whose number an expression is, as `userId` makes it. */
const storedUserId = (user: string): string => `md5('user-' || (${user}))::uuid::text`

const millis = (moment: string): string => `floor(extract(epoch from ${moment}) * 1000)::bigint`

/** Writes a scene as the service stores it, into the tables as the migrations make them, and lets PostgreSQL look at what is there. */
export async function storeScene(databaseUrl: string, scene: Scene): Promise<void> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  try {
    await client.query(`set search_path = presence_privacy; set synchronous_commit = off; set work_mem = '256MB';
      set maintenance_work_mem = '1GB'`)
    await client.query(CLASSES)
    await client.query(USERS, [scene.users])
    await client.query(SESSIONS, [scene.users])
    const rebuild = await dropIndexes(client)
    await client.query(PAIRS, [scene.viewers * OTHERS_OF_VIEWER, scene.viewers, scene.users - scene.viewers])
    for (const statement of rebuild) await client.query(statement)
    await client.query('vacuum full users')
    await client.query('vacuum (analyze, freeze)')
    await client.query('checkpoint')
  } finally {
    await client.end()
  }
}

const CLASSES = `
  insert into classes_of_service (name, invitation_handling, appear_offline_allowed)
  values ('asks first', 'PROMPT', true), ('open', 'AUTO_ACCEPT', true), ('always there', 'USER_DEFINED', false)`

const USERS = `
  insert into users (id, class_id, presence_server, appear_offline, manual_status, manual_ends_at)
  select ${storedUserId('n')},
    case n % ${CLASSES_REPEAT} when 3 then 2 when ${ACCEPTS_ALL} then 3 when 5 then 4 else 1 end,
    case when n % 10 = 7 then 'OCS_2007' else 'NONE_KNOWN' end,
    n % 13 = 0,
    case when n % 11 = 0 then 'BUSY' end,
    case when n % 22 = 0 then now() + interval '30 days' end
  from generate_series(0, $1::integer - 1) as n`

/** Nothing of it changes by time while it is measured. */
const SESSIONS = `
  update users u set session_ends_at = now() + interval '30 days', sessions = of.sessions
  from (
    select ${storedUserId('n')} as id, json_agg(json_build_object(
      'id', device,
      'status', (array['AVAILABLE', 'BUSY', 'AVAILABLE', 'DO_NOT_DISTURB', 'BE_RIGHT_BACK', 'AVAILABLE', 'AWAY'])[1 + (n + device_no) % 7],
      'activity', case n % 5 when 0 then 'IN_A_MEETING' when 1 then 'IN_A_CALL' end,
      'note', case when n % 4 = 0 then 'until five, in room "' || n || '" – then at the café' end,
      'mayAppearOffline', true,
      'publishedAt', ${millis(`now() - interval '1 hour'`)},
      'activeAt', ${millis(`now() + case when n % 5 = 0 then interval '-1 hour' else interval '30 days' end`)},
      'leaseEndsAt', ${millis(`now() + interval '30 days'`)})) as sessions
    from generate_series(0, $1::integer - 1) as n
    join (values (1, 'desk'), (2, 'phone')) as devices (device_no, device) on device_no = 1 or n % 20 > 16
    where n % 20 > 2
    group by n
  ) of
  where u.id = of.id`

/**
 * Rows come in no order, as they do over years. In the first row of each two, the one who has the other as a contact looks; in the second
 * one the other.
 */
const PAIRS = `
  with slots as (
    select s, s / ${OTHERS_OF_VIEWER} as viewer, $2::integer + (s * ${STEP}) % $3::integer as other,
      s % ${OTHERS_OF_VIEWER} < ${CONTACTS_OF_VIEWER} as has_contact
    from (select (i * 999983) % $1::bigint as s from generate_series(0, $1::bigint - 1) as i) as shuffled
  ), edges as (
    select s, case when has_contact then viewer else other end as one, case when has_contact then other else viewer end as two,
      (array['ALLOWED', 'PENDING', 'BLOCKED', 'NONE'])[1 + width_bucket(s % 97 % 20, array[12, 15, 17])] as of_two,
      (array['ALLOWED', 'BLOCKED', 'NONE'])[1 + width_bucket(s % 89 % 20, array[6, 7])] as of_one
    from slots
  ), directed as (
    select ${storedUserId('one')} as one, ${storedUserId('two')} as two, s, of_one, of_two, of_two as edge, of_one as opposite, true as contact
    from edges
    union all
    select ${storedUserId('two')}, ${storedUserId('one')}, s, of_one, of_two, of_one, of_two, false from edges
  )
  insert into pairs (watcher_id, presentity_id, edge_state, edge_origin, edge_since, edge_ends_at, shown_when_asked,
    view_access, view_ends_at, contact_since, watcher_blocks_from)
  select one, two, edge,
    case edge when 'ALLOWED' then 'ANSWERED' when 'BLOCKED' then 'SET' when 'PENDING' then 'REQUESTED' end,
    case when edge <> 'NONE' then now() - interval '1 day' end,
    case when edge = 'PENDING' then now() + interval '30 days' end,
    edge = 'PENDING' and s % 2 = 0,
    case edge when 'ALLOWED' then 'ALLOWED' when 'NONE' then 'NONE' else 'PENDING' end,
    case when edge in ('PENDING', 'BLOCKED') then now() + interval '30 days' end,
    case when contact then now() - interval '2 days' - s % 1000 * interval '1 minute' end,
    case when opposite = 'BLOCKED' then now() - interval '1 day' end
  from directed`

/** Building indexes over what is there is several times faster than keeping them up meanwhile. What makes them again, as it was. */
async function dropIndexes(client: pg.Client): Promise<readonly string[]> {
  const { rows: constraints } = await client.query<{ name: string; definition: string }>(`
    select conname as name, pg_get_constraintdef(oid) as definition
    from pg_constraint where conrelid = 'pairs'::regclass and contype = 'p'`)
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `
    select indexname as name, indexdef as definition from pg_indexes
    where schemaname = 'presence_privacy' and tablename = 'pairs' and indexname <> all ($1)`,
    [constraints.map(({ name }) => name)],
  )
  for (const { name } of constraints) await client.query(`alter table pairs drop constraint ${name}`)
  for (const { name } of indexes) await client.query(`drop index ${name}`)
  return [
    ...constraints.map(({ name, definition }) => `alter table pairs add constraint ${name} ${definition}`),
    ...indexes.map(({ definition }) => definition),
  ]
}
