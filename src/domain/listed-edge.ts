import type { Edge, EdgeState } from './edge.ts'

/** The states in which an edge stands in a privacy list: something is decided, or waits. */
export const LISTED_STATES = ['PENDING', 'ALLOWED', 'BLOCKED'] as const satisfies readonly EdgeState[]
export type ListedState = (typeof LISTED_STATES)[number]

/** How an edge is stored, as far as that tells what time may have made of it. */
export type StoredEdge = Pick<Edge, 'state' | 'replacedBlock'>

const PENDING: StoredEdge = { state: 'PENDING', replacedBlock: false }
const ALLOWED: StoredEdge = { state: 'ALLOWED', replacedBlock: false }
const ALLOWED_OVER_BLOCK: StoredEdge = { state: 'ALLOWED', replacedBlock: true }
const BLOCKED: StoredEdge = { state: 'BLOCKED', replacedBlock: false }

const STORED_AS: Readonly<Record<ListedState, readonly StoredEdge[]>> = {
  PENDING: [PENDING],
  ALLOWED: [ALLOWED, ALLOWED_OVER_BLOCK],
  // The end of a grant brings back the block that it replaced, and nothing is written then.
  BLOCKED: [BLOCKED, ALLOWED_OVER_BLOCK],
}

/** How edges may be stored that are in one of these states now. Not all that is stored so is: `edgeAt` tells. */
export function storedEdgesOf(states: readonly ListedState[]): readonly StoredEdge[] {
  return [...new Set(states.flatMap((state) => STORED_AS[state]))]
}

/** Whether an edge is in one of these states. */
export function isListed(edge: Edge, states: readonly ListedState[]): boolean {
  return states.some((state) => state === edge.state)
}
