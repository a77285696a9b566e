import {
  USERS_OF_A_LISTED_ACT,
  type AdministrativeActs,
  type StoredAct,
} from '../../src/application/administrative-acts.ts'
import { UserErased } from '../../src/application/ports.ts'
import {
  actAboutUsers,
  type AdministrativeAct,
  type Administrator,
} from '../../src/domain/administrative-act.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import type { MemoryTables } from './memory-tables.ts'

/** What administrators did, in memory. */
export function memoryAdministrativeActs(tables: MemoryTables): AdministrativeActs {
  return {
    async record({ actor, kind, users, unlessWithinMs }) {
      await Promise.resolve()
      requireNotErased(tables, actor)
      const since = tables.clock.now() - (unlessWithinMs ?? -1)
      const isRecorded = tables.acts.some(
        (act) =>
          act.kind === kind &&
          act.actor.id === actor.id &&
          act.at >= since &&
          users.some((user) => act.users.includes(user)),
      )
      if (!isRecorded) writeAct(tables, { actor, act: actAboutUsers(kind), users })
    },

    async audit({ actor, user, since, until, after, limit }) {
      await Promise.resolve()
      return [...tables.acts]
        .sort((a, b) => byPlace(b, a))
        .filter((act) => after === null || byPlace(act, after) < 0)
        .filter((act) => actor === null || act.actor.id === actor)
        .filter(({ users }) => user === null || users.includes(user))
        .filter(({ at }) => (since === null || at >= since) && (until === null || at < until))
        .slice(0, limit)
        .map((act) => ({ ...act, users: act.users.slice(0, USERS_OF_A_LISTED_ACT) }))
    },

    async usersOf({ act: id, after, limit }) {
      await Promise.resolve()
      const users = tables.acts.find((act) => act.id === id)?.users ?? []
      return users.filter((user) => after === null || inBytes(user, after) > 0).slice(0, limit)
    },

    async forget({ olderThanMs, limit }) {
      await Promise.resolve()
      const old = tables.acts.filter(({ at }) => at < tables.clock.now() - olderThanMs).slice(0, limit)
      for (const act of old) tables.acts.splice(tables.acts.indexOf(act), 1)
      return old.length
    },
  }
}

type Done = {
  readonly actor: Administrator
  readonly act: AdministrativeAct
  readonly users: readonly string[]
}

/** Returns whom it is recorded about. */
export function writeAct(tables: MemoryTables, { actor, act, users }: Done): readonly string[] {
  requireNotErased(tables, actor)
  const about = users.filter((user) => !tables.erased.has(user as UserId)).sort(inBytes)
  const last = Math.max(0, ...tables.acts.map(({ id }) => Number(id)))
  tables.acts.push({
    ...act,
    ...{ id: String(last + 1), at: tables.clock.now(), actor, userCount: about.length, users: about },
  })
  return about
}

/** Puts a token in the place of an id, wherever it stands. */
export function renameInActs(tables: MemoryTables, nameOf: (id: string) => string): void {
  const renamed = tables.acts.map((act): StoredAct => ({
    ...act,
    actor: { ...act.actor, id: nameOf(act.actor.id) },
    users: act.users.map(nameOf).sort(inBytes),
  }))
  tables.acts.splice(0, Infinity, ...renamed)
}

function requireNotErased(tables: MemoryTables, { id }: Administrator): void {
  if (tables.erased.has(id)) throw new UserErased()
}

function inBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}

type Placed = { readonly at: number; readonly id: string }

function byPlace(a: Placed, b: Placed): number {
  return a.at - b.at || Number(a.id) - Number(b.id)
}
