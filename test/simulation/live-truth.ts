import { whatIsSeen } from '../../src/application/what-is-seen.ts'
import { UserErased, type PairOf } from '../../src/application/ports.ts'
import { OFFLINE, type Presence } from '../../src/domain/presence.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import type { Storage } from '../support/storage.ts'
import { POLICY } from '../support/policy.ts'
import type { VirtualTime } from './live-time.ts'

/** Values in the order in which they came to be, each from its moment on until the next; no two neighbours are the same. */
export class History {
  readonly moments: number[] = []
  readonly values: string[] = []

  add(moment: number, value: string): void {
    if (this.values.at(-1) === value) return
    this.moments.push(moment)
    this.values.push(value)
  }

  /** The first place from `from` on whose value is `wanted`; -1 for none. */
  find(from: number, wanted: (value: string) => boolean): number {
    for (let place = from; place < this.values.length; place += 1) {
      if (wanted(this.values[place]!)) return place
    }
    return -1
  }

  /** The place of the value that stood just before a moment. */
  placeBefore(moment: number): number {
    return Math.max(
      0,
      this.moments.findLastIndex((since) => since < moment),
    )
  }

  /** Whether it had this value at any moment from `since` on. */
  had(value: string, since: number): boolean {
    for (let place = this.values.length - 1; place >= 0; place -= 1) {
      if (this.values[place] === value) return true
      if (this.moments[place]! <= since) return false
    }
    return false
  }

  toString(): string {
    return this.values.map((value, place) => `${value || '(nobody)'} from ${this.moments[place]}`).join(', ')
  }
}

/**
 * What each watcher may be shown of each user, and who is in his contact list, at each moment: by `whatIsSeen` on all that is stored. It
 * is recorded after every act, and at every moment at which something ends by time, before anything else happens.
 */
export type Truth = {
  /** From now on it is recorded of him. */
  readonly watch: (watcher: UserId) => Promise<void>
  readonly record: () => Promise<void>
  /** At this moment of virtual time, something may end. */
  readonly endsAt: (moment: number) => void
  readonly shown: (pair: PairOf) => History
  readonly contacts: (watcher: UserId) => History
  /** When the watcher was found erased; undefined while they are not. */
  readonly erasedAt: (watcher: UserId) => number | undefined
}

export function truth(
  storage: Pick<Storage, 'facts' | 'as'>,
  time: Pick<VirtualTime, 'now' | 'firstAt'>,
  users: readonly UserId[],
): Truth {
  const ofPairs = new Map<UserId, Map<UserId, History>>()
  const ofLists = new Map<UserId, History>()
  const ends = new Set<number>()
  const erased = new Map<UserId, number>()

  const recordErasure = async (watcher: UserId): Promise<void> => {
    if (erased.has(watcher)) return
    await storage
      .as(watcher)
      .proveCaller()
      .catch((error: unknown) => {
        if (!(error instanceof UserErased)) throw error
        erased.set(watcher, time.now())
      })
  }

  const recordOf = async (watchers: readonly UserId[]): Promise<void> => {
    const pairs = watchers.flatMap((watcher) => users.map((presentity) => ({ presentity, watcher })))
    const facts = await storage.facts.readFactsOfPairs(pairs)
    await Promise.all(watchers.map(recordErasure))
    for (const watcher of watchers) {
      const read = facts.get(watcher)!
      const histories = ofPairs.get(watcher)!
      const contacts: UserId[] = []
      for (const presentity of users) {
        const { presence } = whatIsSeen(read, { presentity, watcher }, POLICY.policy)
        histories.get(presentity)!.add(time.now(), asText(presence))
        if (read.presentities.get(presentity)?.pair.contactSince != null) contacts.push(presentity)
      }
      ofLists.get(watcher)!.add(time.now(), listed(contacts))
    }
  }

  return {
    async watch(watcher) {
      if (ofPairs.has(watcher)) return
      ofPairs.set(watcher, new Map(users.map((user) => [user, new History()])))
      ofLists.set(watcher, new History())
      await recordOf([watcher])
    },
    record: () => recordOf([...ofPairs.keys()]),
    endsAt(moment) {
      if (ends.has(moment)) return
      ends.add(moment)
      time.firstAt(moment, () => recordOf([...ofPairs.keys()]))
    },
    shown: ({ presentity, watcher }) => ofPairs.get(watcher)!.get(presentity)!,
    contacts: (watcher) => ofLists.get(watcher)!,
    erasedAt: (watcher) => erased.get(watcher),
  }
}

export const OFFLINE_TEXT = asText(OFFLINE)

export function asText({ status, activity, note }: Presence): string {
  return activity === null && note === null ? status : `${status} ${activity ?? ''} ${note ?? ''}`.trimEnd()
}

export function listed(users: Iterable<UserId>): string {
  return [...users].sort().join(' ')
}
