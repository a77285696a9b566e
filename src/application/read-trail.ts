import { entriesForPresentity, entriesOf, type TrailEntry, type TrailRecord } from '../domain/trail.ts'
import type { UserId } from '../domain/user-id.ts'
import type { StoredTrailRecord, Trail } from './account-ports.ts'
import type { Page } from './ports.ts'

/** Where an entry stands: its record, and its number in it. */
export type TrailPosition = { readonly at: number; readonly id: string; readonly part: number }
export type TrailPageRequest = { readonly first: number; readonly after: TrailPosition | null }

/** A change of an edge with the two users, of whom one that was erased is a token. */
export type PlacedEntry = TrailEntry & {
  readonly presentity: string
  readonly watcher: string
  /** When it was recorded; an end by time is found, and recorded, a little later than it came. */
  readonly recordedAt: number
  readonly position: TrailPosition
}

/** What became of a presentity's own edges, the latest first; about one watcher, or about all. Throws `Unavailable`. */
export async function readOwnTrail(
  trail: Trail,
  { presentity, watcher, page }: OwnTrail,
): Promise<Page<PlacedEntry>> {
  return pageOf(page, entriesForPresentity, (look) => trail.ofPresentity({ presentity, watcher, ...look }))
}

export type OwnTrail = {
  readonly presentity: UserId
  readonly watcher: UserId | null
  readonly page: TrailPageRequest
}

/** Everything that is recorded, for auditors. Throws `Unavailable`. */
export async function auditTrail(
  trail: Trail,
  { page, ...filter }: TrailFilter & { readonly page: TrailPageRequest },
): Promise<Page<PlacedEntry>> {
  return pageOf(page, entriesOf, (look) => trail.audit({ ...filter, ...look }))
}

/** Null is any; `since` and `until` are of the recording, and `until` itself is left out. */
export type TrailFilter = {
  readonly presentity: UserId | null
  readonly watcher: UserId | null
  readonly since: number | null
  readonly until: number | null
}

/** A record holds one entry or two, so a page is filled by one look: at as many records as entries, one more, and that of the place before. */
async function pageOf(
  { first, after }: TrailPageRequest,
  entries: (record: TrailRecord) => readonly TrailEntry[],
  look: (at: Pick<Parameters<Trail['audit']>[0], 'from' | 'limit'>) => Promise<readonly StoredTrailRecord[]>,
): Promise<Page<PlacedEntry>> {
  const records = await look({ from: after, limit: first + 2 })
  const rest = records
    .flatMap((record) => entries(record).map((entry, part) => placed(record, entry, part)))
    .filter(({ position }) => position.id !== after?.id || position.part > after.part)
  return { items: rest.slice(0, first), hasNextPage: rest.length > first }
}

function placed(record: StoredTrailRecord, entry: TrailEntry, part: number): PlacedEntry {
  const { presentity, watcher, at, id } = record
  return { ...entry, presentity, watcher, recordedAt: at, position: { at, id, part } }
}
