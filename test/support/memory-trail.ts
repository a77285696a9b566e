import type { StoredTrailRecord, Trail, TrailPlace } from '../../src/application/account-ports.ts'
import { reachesPresentity } from '../../src/domain/trail.ts'
import type { MemoryTables } from './memory-tables.ts'

/** The trail, from memory. */
export function memoryTrail(tables: MemoryTables): Trail {
  const latestFirst = (from: TrailPlace): StoredTrailRecord[] =>
    [...tables.trail]
      .sort((a, b) => byPlace(b, a))
      .filter((record) => from === null || byPlace(record, from) <= 0)
  return {
    async ofPresentity({ presentity, watcher, from, limit }) {
      await Promise.resolve()
      return latestFirst(from)
        .filter((record) => record.presentity === presentity && reachesPresentity(record))
        .filter((record) => watcher === null || record.watcher === watcher)
        .slice(0, limit)
    },

    async audit({ presentity, watcher, since, until, from, limit }) {
      await Promise.resolve()
      return latestFirst(from)
        .filter((record) => presentity === null || record.presentity === presentity)
        .filter((record) => watcher === null || record.watcher === watcher)
        .filter(({ at }) => (since === null || at >= since) && (until === null || at < until))
        .slice(0, limit)
    },

    async forget({ olderThanMs, limit }) {
      await Promise.resolve()
      const old = latestFirst(null)
        .filter(({ at }) => at < tables.clock.now() - olderThanMs)
        .reverse()
        .slice(0, limit)
      for (const record of old) tables.trail.splice(tables.trail.indexOf(record), 1)
      return old.length
    },
  }
}

export function writeTrail(tables: MemoryTables, record: Omit<StoredTrailRecord, 'id'>): void {
  const last = Math.max(0, ...tables.trail.map(({ id }) => Number(id)))
  tables.trail.push({ ...record, id: String(last + 1) })
}

type Placed = { readonly at: number; readonly id: string }

function byPlace(a: Placed, b: Placed): number {
  return a.at - b.at || Number(a.id) - Number(b.id)
}
