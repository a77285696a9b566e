import { parseUserId, type UserId } from '../../src/domain/user-id.ts'
import { memoryStorage } from '../support/memory-storage.ts'
import { DEFAULT_CLASS, type Storage } from '../support/storage.ts'
import { REQUEST_LIFETIME_MS } from './live-deeds.ts'

/** What a schedule is taken on: where all is stored, and how instances read it and hear of it. */
export type Engine = {
  readonly storage: Storage
  /** Of these the schedule is; nobody has heard of any of them before. */
  readonly users: readonly UserId[]
  /** Of the storage; it goes on when it is told to. */
  readonly clock: { readonly now: () => number; readonly advance: (ms: number) => void }
  /** Whatever is asked of the storage from then on, is as of the clock. */
  readonly synchronise: () => Promise<void>
  /** Until all instances have heard of whatever was stored before. */
  readonly heard: () => Promise<void>
  readonly ofInstance: (number: number) => Pick<Storage, 'live' | 'signals'>
  readonly close: () => void
}

export const NAMES = ['ana', 'ben', 'cas', 'dia'] as const

/** In one class, requests end soon. */
export const OFFICE = { ...DEFAULT_CLASS, name: 'office', requestLifetimeMs: REQUEST_LIFETIME_MS }

export async function memoryEngine(): Promise<Engine> {
  const storage = memoryStorage()
  await storage.setClass(OFFICE)
  return {
    storage,
    users: NAMES.map((name) => parseUserId(name)!),
    clock: storage.clock,
    synchronise: nothing,
    heard: nothing,
    ofInstance: () => storage,
    close: () => undefined,
  }
}

function nothing(): Promise<void> {
  return Promise.resolve()
}
