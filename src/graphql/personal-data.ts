import { eraseUser } from '../application/erase-user.ts'
import { exportUser, type ExportPlace } from '../application/export-user.ts'
import type { MutationResolvers, QueryResolvers } from '../generated/resolver-types.ts'
import { requireFirst } from './connection.ts'
import { badInput } from './errors.ts'
import { anyUser } from './input.ts'
import { requireAdministrator } from './require-role.ts'

export const personalDataQueries: Pick<QueryResolvers, 'exportPresenceUser'> = {
  exportPresenceUser: async (_query, { userId, first, after }, context) => {
    const actor = requireAdministrator(context)
    const user = anyUser('userId', userId)
    const from = after == null ? null : placeOf(after)
    const page = await exportUser(context.services, { actor, user, first: requireFirst(first), from })
    return {
      lines: page.records.map((record) => JSON.stringify(record)),
      hasNextPage: page.next !== null,
      endCursor: page.next && cursorOf(page.next),
    }
  },
}

export const personalDataMutations: Pick<MutationResolvers, 'erasePresenceUser'> = {
  erasePresenceUser: async (_mutation, { input }, context) => {
    const actor = requireAdministrator(context)
    const user = anyUser('userId', input.userId)
    await eraseUser(context.services.records, { user, actor })
    return { erasedUserId: user }
  },
}

function cursorOf({ section, after }: ExportPlace): string {
  return Buffer.from(`${String(section)}.${after ?? ''}`).toString('base64url')
}

function placeOf(cursor: string): ExportPlace {
  const parts = /^(\d)\.(.{0,255})$/su.exec(Buffer.from(cursor, 'base64url').toString())
  if (parts === null) throw badInput('after', 'Pass the endCursor of a page of this export, unchanged.')
  return { section: Number(parts[1]), after: parts[2] === '' ? null : (parts[2] ?? null) }
}
