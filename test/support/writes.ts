import { randomUUID } from 'node:crypto'
import type { Snapshot, Writes } from '../../src/application/privacy-store.ts'
import type { IncomingItem, OutgoingRequest } from '../../src/domain/request.ts'

/** A change that writes nothing, but for what is given. */
export function writes(some: Partial<Writes> = {}): Writes {
  return {
    pairs: [],
    incoming: [],
    preference: null,
    requestCounts: null,
    answer: null,
    trail: [],
    signal: [],
    ...some,
  }
}

/** Decides nothing, and returns what it saw. */
export function look<Seen>(see: (snapshot: Snapshot) => Seen) {
  return (snapshot: Snapshot): { writes: Writes; result: Seen } => ({
    writes: writes(),
    result: see(snapshot),
  })
}

/** An open request that waits, asked at `askedAt`. */
export function openItem(askedAt: number, item: Partial<IncomingItem> = {}): IncomingItem {
  return {
    id: randomUUID(),
    kind: 'REQUEST',
    state: 'OPEN',
    triggers: ['DIRECT'],
    askedAt,
    endsAt: askedAt + 3_600_000,
    ...item,
  }
}

/** An open request of a watcher's own, asked at `askedAt`. */
export function openRequest(askedAt: number, request: Partial<OutgoingRequest> = {}): OutgoingRequest {
  return {
    id: randomUUID(),
    state: 'OPEN',
    triggers: ['DIRECT'],
    askedAt,
    endsAt: askedAt + 3_600_000,
    ...request,
  }
}
