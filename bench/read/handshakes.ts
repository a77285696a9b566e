import pg from 'pg'
import type { Database } from './database.ts'
import type { Measurement } from './figures.ts'
import type { Run } from './load/main.ts'
import { userId, type Scene } from './scene.ts'
import type { Load } from './start-load.ts'
import type { Variant } from './variants.ts'
import { ANSWERING, ASKING } from './workloads.ts'

export type Handshakes = {
  /** One viewer after another asks another one, 8 at once; then all of them answer. What each half cost. */
  readonly measure: (
    variant: Variant,
    options: {
      readonly turn: number
      readonly count: number
      readonly measured: (run: () => Promise<Run>) => Promise<Measurement>
    },
  ) => Promise<{ readonly [ASKING]: Measurement; readonly [ANSWERING]: Measurement }>
  /** As if nobody had asked anybody. */
  readonly close: () => Promise<void>
}

export async function openHandshakes(database: Database, load: Load, scene: Scene): Promise<Handshakes> {
  const viewers = Array.from({ length: scene.viewers }, (_, viewer) => userId(viewer))
  const viewerOf = new Map(viewers.map((id, viewer) => [id, viewer]))
  const client = new pg.Client(database.url)
  await client.connect()
  await forget()
  return {
    async measure({ name }, { turn, count, measured }) {
      const asking = await measured(() => load.ask(name, { turn, count }))
      const { rows } = await client.query<{ id: string; presentity_id: string }>(
        `select id, presentity_id from presence_privacy.incoming_items where state = 'OPEN'`,
      )
      const waiting = rows.map(({ id, presentity_id }) => ({ viewer: viewerOf.get(presentity_id) ?? 0, id }))
      if (waiting.length !== count) throw new Error(`${waiting.length} wait for an answer, of ${count}`)
      return { [ASKING]: asking, [ANSWERING]: await measured(() => load.answer(name, waiting)) }
    },
    async close() {
      await forget()
      await client.end()
    },
  }

  async function forget(): Promise<void> {
    await client.query('set search_path = presence_privacy')
    await client.query('truncate incoming_items, outgoing_requests, trail')
    await client.query('delete from pairs where watcher_id = any ($1) and presentity_id = any ($1)', [
      viewers,
    ])
    await client.query('update users set asked_minute_count = 0, asked_day_count = 0 where id = any ($1)', [
      viewers,
    ])
    await client.query('vacuum analyze pairs, users, incoming_items, outgoing_requests, trail')
  }
}
