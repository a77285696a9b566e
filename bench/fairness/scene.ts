import { named } from '../live/scene.ts'

/** Everybody but the attacker: those who watch, those whom they watch, and many whom nobody watches. */
export const WATCHERS = named('watcher', 50)
export const PUBLISHERS = named('publisher', 5)
export const READERS = named('reader', 5)
/** Over a handful of pages PostgreSQL plans in another way than over many. */
export const BYSTANDERS = named('bystander', 20_000)

export const ATTACKER = 'attacker'
export const SERVICE = 'service'
export const ADMINISTRATOR = 'administrator'

/** Each of the others acts so often. */
export const EVERY_MS = 250

/** Fifty for each reader, who has allowed them all. */
export function readBy(reader: number): readonly string[] {
  return BYSTANDERS.slice(reader * 50, reader * 50 + 50)
}

/** Whom the attacker acts on. */
export function victims(count: number, from = 1000): readonly string[] {
  return BYSTANDERS.slice(from, from + count)
}
