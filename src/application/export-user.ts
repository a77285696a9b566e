import type { Administrator } from '../domain/administrative-act.ts'
import { outgoingAt } from '../domain/request.ts'
import type { UserId } from '../domain/user-id.ts'
import { viewAt } from '../domain/watchers-view.ts'
import type { AdministrativeActs } from './administrative-acts.ts'
import { listEdges } from './list-edges.ts'
import { ownFacts } from './own-presence.ts'
import type { PersonalRecords } from './account-ports.ts'
import type { FactsReader, PrivacyLists } from './ports.ts'

/**
 * One thing that is stored of a person, as JSON can hold it; times in ISO 8601. What others have decided about the person, and what
 * they have asked, is theirs and is never among it.
 */
export type ExportedRecord = { readonly kind: ExportedKind } & Readonly<Record<string, unknown>>

export const EXPORTED_KINDS = ['PREFERENCE', 'SESSION', 'DECISION', 'VIEW', 'REQUEST', 'ANSWER'] as const
export type ExportedKind = (typeof EXPORTED_KINDS)[number]

/** Where an export goes on: in which section, and after what. */
export type ExportPlace = { readonly section: number; readonly after: string | null }

export type ExportPage = {
  readonly records: readonly ExportedRecord[]
  /** Null when nothing is left. After a full page it may lead to an empty one. */
  readonly next: ExportPlace | null
}

export type ExportRequest = {
  readonly actor: Administrator
  readonly user: UserId
  readonly first: number
  readonly from: ExportPlace | null
}

export type ExportPorts = {
  readonly acts: AdministrativeActs
  readonly facts: FactsReader
  readonly lists: PrivacyLists
  readonly records: PersonalRecords
}

type Section = (
  ports: ExportPorts,
  look: { readonly user: UserId; readonly after: string | null; readonly limit: number },
) => Promise<{ readonly records: readonly ExportedRecord[]; readonly end: string | null }>

/** Longer than any export takes from page to page. */
const SAME_EXPORT_MS = 3_600_000

/** Each begins where the one before has ended. `end` is where it goes on; null when it is through. */
const SECTIONS: readonly Section[] = [
  async ({ facts }, { user }) => {
    const { user: own, sessions } = ownFacts(
      await facts.readFacts({ watcher: user, presentities: [user] }),
      user,
    )
    const { invitationHandling, appearOffline, manual } = own.preference
    const manualStatus = manual && { status: manual.status, endsAt: iso(manual.endsAt) }
    return {
      records: [
        { kind: 'PREFERENCE', invitationHandling, appearOffline, manualStatus },
        ...sessions.map(({ id, status, activity, note, publishedAt, activeAt, leaseEndsAt }) => ({
          kind: 'SESSION' as const,
          ...{ id, status, activity, note, publishedAt: iso(publishedAt) },
          ...{ activeAt: iso(activeAt), leaseEndsAt: iso(leaseEndsAt) },
        })),
      ],
      end: null,
    }
  },

  async ({ lists }, { user, after, limit }) => {
    const states = ['ALLOWED', 'BLOCKED'] as const
    const list = { presentity: user, states, search: '', first: limit, after: after as UserId | null }
    const { edges, hasNextPage, end } = await listEdges(lists, list)
    return {
      records: edges.map(({ watcher, edge: { state, origin, since, endsAt, replacedBlock } }) => ({
        kind: 'DECISION',
        ...{ user: watcher, state, reason: origin, since: iso(since), endsAt: iso(endsAt) },
        thenState: replacedBlock ? 'BLOCKED' : null,
      })),
      end: hasNextPage ? end : null,
    }
  },

  async ({ records }, { user, after, limit }) => {
    const { now, views } = await records.viewsOf({ watcher: user, after: after as UserId | null, limit })
    return {
      records: views.flatMap(({ presentity, view, contactSince }) => {
        const { access } = viewAt(view, now)
        if (access === 'NONE' && contactSince === null) return []
        return [{ kind: 'VIEW', user: presentity, access, contactSince: iso(contactSince) }]
      }),
      end: lastOfFull(views, limit)?.presentity ?? null,
    }
  },

  async ({ records }, { user, after, limit }) => {
    const { now, requests } = await records.requestsOf({ watcher: user, after, limit })
    return {
      records: requests.map(({ presentity, request }) => {
        const { id, state, triggers, askedAt, endsAt } = outgoingAt(request, now)
        const times = { askedAt: iso(askedAt), endsAt: iso(endsAt) }
        return { kind: 'REQUEST', user: presentity, id, state, triggers, ...times }
      }),
      end: lastOfFull(requests, limit)?.request.id ?? null,
    }
  },

  async ({ records }, { user, after, limit }) => {
    const answers = await records.answersOf({ presentity: user, after, limit })
    return {
      records: answers.map(({ clientKey, result, answeredAt }) => ({
        kind: 'ANSWER',
        ...{ clientKey, answeredAt: iso(answeredAt), ...result },
      })),
      end: lastOfFull(answers, limit)?.clientKey ?? null,
    }
  },
]

/**
 * A page of all that is stored of one person: his preference and sessions, what he has decided, his contacts and what he has been told,
 * his requests and answers. Each page is as of its own moment. Throws `Unavailable`, and `UserErased` if the actor was erased.
 *
 * That it is handed out is recorded first: once for all pages that are asked for within an hour.
 *
 * At least one record, if any is left, and about `first`: sessions come together with the preference.
 */
export async function exportUser(
  ports: ExportPorts,
  { actor, user, first, from }: ExportRequest,
): Promise<ExportPage> {
  const unlessWithinMs = from === null ? null : SAME_EXPORT_MS
  await ports.acts.record({ actor, kind: 'EXPORTED', users: [user], unlessWithinMs })
  const records: ExportedRecord[] = []
  let place = from ?? { section: 0, after: null }
  while (records.length < first) {
    const section = SECTIONS[place.section]
    if (section === undefined) return { records, next: null }
    const limit = first - records.length
    const found = await section(ports, { user, after: place.after, limit })
    records.push(...found.records)
    place = found.end === null ? { section: place.section + 1, after: null } : { ...place, after: found.end }
  }
  return { records, next: place }
}

/** The last row of a full page, after which the section goes on. There is none if the page is not full. */
function lastOfFull<Row>(rows: readonly Row[], limit: number): Row | undefined {
  return rows.length < limit ? undefined : rows.at(-1)
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
