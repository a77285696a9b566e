import pg from 'pg'
import type { PresenceSession } from '../../src/domain/presence.ts'
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
  const now = Date.now()
  const session: PresenceSession = {
    ...{ id: 'desk', status: 'AVAILABLE', activity: null, note: null, mayAppearOffline: true },
    ...{ publishedAt: now, activeAt: now, leaseEndsAt: now + 3_600_000 },
  }
  const client = new pg.Client(databaseUrl)
  await client.connect()
  try {
    await client.query(
      `update presence_privacy.users set sessions = $2, session_ends_at = $3 where id = any($1::text[])`,
      [users, JSON.stringify([session]), new Date(session.leaseEndsAt)],
    )
    await client.query('vacuum analyze')
  } finally {
    await client.end()
  }
}
