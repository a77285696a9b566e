import pg from 'pg'
import type { Scene } from './scene.ts'

/** Writes users, contact lists and decisions as the service stores them, in bulk, and lets PostgreSQL look at what is there. */
export async function storeScene(databaseUrl: string, { users, contacts, denied }: Scene): Promise<void> {
  const pairs = Object.entries(contacts).flatMap(([watcher, presentities]) =>
    presentities.map((presentity) => ({
      watcher,
      presentity,
      state: watcher === denied ? 'BLOCKED' : 'ALLOWED',
    })),
  )
  const client = new pg.Client(databaseUrl)
  await client.connect()
  try {
    await client.query(
      `insert into presence_privacy.users (id) select * from unnest($1::text[]) on conflict do nothing`,
      [users],
    )
    await client.query(
      `insert into presence_privacy.pairs
         (watcher_id, presentity_id, edge_state, edge_origin, edge_since, view_access, contact_since)
       select watcher_id, presentity_id, edge_state, 'SET', now(), 'ALLOWED', now()
       from unnest($1::text[], $2::text[], $3::text[]) as stored (watcher_id, presentity_id, edge_state)`,
      [
        pairs.map(({ watcher }) => watcher),
        pairs.map(({ presentity }) => presentity),
        pairs.map(({ state }) => state),
      ],
    )
    await client.query('vacuum analyze')
  } finally {
    await client.end()
  }
}

/** Each is available at one device, for an hour. */
export async function storeSessions(databaseUrl: string, users: readonly string[]): Promise<void> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  try {
    await client.query(
      `insert into presence_privacy.presence_sessions
         (user_id, id, status, may_appear_offline, published_at, active_at, lease_ends_at)
       select id, 'desk', 'AVAILABLE', true, now(), now(), now() + interval '1 hour' from unnest($1::text[]) as id`,
      [users],
    )
    await client.query('vacuum analyze')
  } finally {
    await client.end()
  }
}
