import { createHash } from 'node:crypto'

/**
 * Who has to do with whom, from one number. A few users are viewers: each has 150 contacts, and is a contact of 100 others; every pair
 * has a row in both directions, as the service stores it. So half of the rows are contacts.
 */
export type Scene = {
  readonly pairs: number
  readonly users: number
  readonly viewers: number
}

export const CONTACTS_OF_VIEWER = 150
/** With those who have him as a contact. */
export const OTHERS_OF_VIEWER = 250
/** Prime, so that steps of it reach everybody before they come back. */
export const STEP = 7919

/** Of each ten users one is in the class that accepts all requests. */
export const CLASSES_REPEAT = 10
export const ACCEPTS_ALL = 4

export function sceneOf(pairs: number): Scene {
  return { pairs, users: pairs / 20, viewers: pairs / (OTHERS_OF_VIEWER * 2) }
}

/** Opaque text, as other subgraphs hand it out; `STORED_USER_ID` says the same to PostgreSQL. */
export function userId(user: number): string {
  const hex = createHash('md5').update(`user-${user}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** Nobody's: of such a user nothing is stored. */
export function unknownId(place: number): string {
  return userId(-1 - place)
}

/** The `place`th of those with whom a viewer shares rows; the first 150 are his contacts. */
export function otherOf({ users, viewers }: Scene, viewer: number, place: number): number {
  return viewers + (((viewer * OTHERS_OF_VIEWER + place) * STEP) % (users - viewers))
}
