import { MAX_PAGE } from './connection.ts'

/** Entries of a list, or of the lists of an input object: inputs of this schema hold their lists at their first level. */
export function itemsIn(value: unknown, mostItems: number): number {
  if (Array.isArray(value)) return Math.min(value.length, mostItems)
  if (typeof value !== 'object' || value === null) return 0
  let items = 0
  for (const name in value) {
    const inside = (value as Record<string, unknown>)[name]
    if (Array.isArray(inside)) items += inside.length
  }
  return Math.min(items, mostItems)
}

const USUAL_ENTRIES = 50

/** Entries of a page of this size. A larger page is refused. */
export function entriesIn(size: unknown): number {
  const entries = Number(size ?? USUAL_ENTRIES)
  return entries >= 0 ? Math.min(entries, MAX_PAGE) : 0
}
