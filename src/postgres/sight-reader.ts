import type { FactsReader } from '../application/ports.ts'
import type { SightFacts, SightOfPresentity } from '../application/sight-facts.ts'
import type { PresenceServer } from '../domain/disclosure.ts'
import type { EdgeState } from '../domain/edge.ts'
import type { ClassInvitationHandling } from '../domain/invitation-handling.ts'
import { effectivePresenceServer } from '../domain/presence-server.ts'
import type { PublishableStatus } from '../domain/presence.ts'
import type { Sessions } from '../domain/sessions.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Access } from '../domain/watchers-view.ts'
import { PROVEN } from './proof.ts'
import type { Read, TextRow } from './read.ts'

/** Stands for no moment. Null would be written more quickly, and the response time would tell that the pair has no such moment. */
const NEVER = 'epoch'

/** PostgreSQL's 8 bytes in hexadecimal. PostgreSQL writes them much faster than a date, and with fewer steps than a number. */
function moment(column: string): string {
  return `timestamptz_send(coalesce(${column}, '${NEVER}'))`
}

/** One row is the watcher's, and holds nothing else. */
const OF_WATCHER = {
  now: `timestamptz_send(date_trunc('milliseconds', statement_timestamp()))`,
  handling: 'vc.invitation_handling',
  sitePresenceServer: 'site.presence_server',
}

/**
 * All other rows are of a presentity each. Whether or not there is anything of her, as much is written, and as much is done: a user of whom
 * nothing is stored would be answered sooner than one who hides.
 */
const OF_PRESENTITY = {
  id: 'asked.id',
  presenceServer: `coalesce(u.presence_server, 'NONE_KNOWN')`,
  appearOffline: 'coalesce(u.appear_offline, false)',
  manualStatus: 'u.manual_status',
  manualEndsAt: moment('u.manual_ends_at'),
  pendingShown: 'c.pending_shown',
  /** Null where the class allows it: the same for all users of a class, so its time tells nothing of a user. */
  appearOfflineForbidden: `case when not c.appear_offline_allowed then ${moment('c.appear_offline_forbidden_at')} end`,
  edgeState: `coalesce(p.edge_state, 'NONE')`,
  edgeEndsAt: moment('p.edge_ends_at'),
  replacedBlock: 'coalesce(p.replaced_block, false)',
  shownWhenAsked: 'coalesce(p.shown_when_asked, false)',
  viewAccess: `coalesce(p.view_access, 'NONE')`,
  viewEndsAt: moment('p.view_ends_at'),
  contactSince: moment('p.contact_since'),
  watcherBlocksFrom: moment('p.watcher_blocks_from'),
  /** Nobody reads it. Where there is no user, it takes about as long as fetching her row would have (docs/timing.md). */
  standIn: 'case when u.id is null then sha256(sha256(sha256(textsend(asked.id)))) is null end',
  sessions: 'case when u.session_ends_at > statement_timestamp() then u.sessions end',
}

const watchers = places(OF_WATCHER, 0)
const presentitys = places(OF_PRESENTITY, Object.keys(OF_WATCHER).length)

/** Where in a row each column stands: rows come as arrays. */
function places<Name extends string>(columns: Record<Name, string>, first: number): Record<Name, number> {
  const names = Object.keys(columns) as Name[]
  return Object.fromEntries(names.map((name, place) => [name, first + place])) as Record<Name, number>
}

/** The columns of a table that are shown, by its alias: PostgreSQL sets up each column of a derived table for every look, read or not. */
function columnsOf(alias: 'p' | 'u' | 'c'): string {
  const mentioned = Object.values(OF_PRESENTITY)
    .join(' ')
    .matchAll(new RegExp(`\\b${alias}\\.(\\w+)`, 'g'))
  return [...new Set([...mentioned].map(([, column]) => column))].join(', ')
}

/**
 * What is seen of each user `asked` for, in one row each. All is looked up by its key, for one user after another, whether or not there is
 * anything: `limit` keeps the planner from reading all pairs of the watcher, or all users, instead.
 */
function sight(caller: string, { asked, pair }: { readonly asked: string; readonly pair: string }): string {
  const ofNobody = Object.keys(OF_PRESENTITY).map(() => 'null')
  const ofNoWatcher = Object.keys(OF_WATCHER).map(() => 'null')
  return `/* ${caller} */
  select ${[...Object.values(OF_WATCHER), ...ofNobody].join(', ')}
  from presence_privacy.classes_of_service vc, presence_privacy.site_settings site
  where ${PROVEN} and vc.id = coalesce((select class_id from presence_privacy.users where id = $1), 1)
  union all
  select ${[...ofNoWatcher, ...Object.values(OF_PRESENTITY)].join(', ')}
  from ${asked}
  ${pair}
  left join lateral (
    select class_id, ${columnsOf('u')} from presence_privacy.users where id = asked.id limit 1
  ) u on true
  left join lateral (
    select ${columnsOf('c')} from presence_privacy.classes_of_service where id = coalesce(u.class_id, 1) limit 1
  ) c on true`
}

/** Any users, whether or not there is anything of them. */
export const VIEW_PRESENCE = sight('viewPresence', {
  asked: 'unnest($2::text[]) as asked (id)',
  pair: `left join lateral (
    select ${columnsOf('p')} from presence_privacy.pairs
    where watcher_id = $1 and presentity_id = asked.id limit 1
  ) p on true`,
})

/** His contacts are one range of an index of their own, however many others the watcher has to do with. */
export const VIEW_CONTACTS = sight('viewContacts', {
  asked: `(
    select presentity_id as id, ${columnsOf('p')} from presence_privacy.pairs
    where watcher_id = $1 and contact_since is not null
  ) asked`,
  pair: 'cross join lateral (select asked.*) p',
})

/** The part of the facts that nearly all looks need, in the form that costs least. */
export function postgresSightReader(read: Read): Pick<FactsReader, 'readSight' | 'readContactSight'> {
  return {
    readSight: async ({ watcher, presentities }) =>
      sightIn(await read(VIEW_PRESENCE, [watcher, presentities])),
    readContactSight: async ({ watcher }) => sightIn(await read(VIEW_CONTACTS, [watcher])),
  }
}

function sightIn(rows: readonly TextRow[]): SightFacts {
  // Mostly the first, but SQL promises no order.
  const ofWatcher = rows.find((row) => row[presentitys.id] === null)
  if (ofWatcher === undefined) throw new Error('the default class of service is missing')
  const ofSite = ofWatcher[watchers.sitePresenceServer] as PresenceServer
  const presentities = new Map<UserId, SightOfPresentity>()
  for (const row of rows) {
    if (row === ofWatcher) continue
    presentities.set(row[presentitys.id] as UserId, new SightInRow(row, ofSite))
  }
  return {
    now: momentIn(ofWatcher, watchers.now) ?? 0,
    watcherClass: { invitationHandling: ofWatcher[watchers.handling] as ClassInvitationHandling },
    presentities,
  }
}

/**
 * A class, and whole literals: each look makes fifty of these, and node takes a microsecond and more for a spread, or for a getter in a
 * literal.
 */
class SightInRow implements SightOfPresentity {
  readonly user: SightOfPresentity['user']
  readonly pair: SightOfPresentity['pair']
  readonly #sessions: string | null

  constructor(row: TextRow, ofSite: PresenceServer) {
    const at = presentitys
    const manual = row[at.manualStatus] as PublishableStatus | null
    this.user = {
      preference: {
        appearOffline: row[at.appearOffline] === 't',
        manual: manual === null ? null : { status: manual, endsAt: momentIn(row, at.manualEndsAt) },
      },
      presenceServer: effectivePresenceServer({
        own: row[at.presenceServer] as PresenceServer,
        ofSite,
      }),
      classOfService: {
        pendingShown: row[at.pendingShown] === 't',
        appearOfflineAllowed: row[at.appearOfflineForbidden] === null,
      },
      appearOfflineForbiddenAt: momentIn(row, at.appearOfflineForbidden),
    }
    this.pair = {
      edge: {
        state: row[at.edgeState] as EdgeState,
        origin: null,
        since: null,
        endsAt: momentIn(row, at.edgeEndsAt),
        replacedBlock: row[at.replacedBlock] === 't',
        shownWhenAsked: row[at.shownWhenAsked] === 't',
      },
      view: {
        access: row[at.viewAccess] as Access,
        endsAt: momentIn(row, at.viewEndsAt),
        cooldownMs: 0,
        coolsUntil: null,
      },
      contactSince: momentIn(row, at.contactSince),
      watcherBlocksFrom: momentIn(row, at.watcherBlocksFrom),
    }
    this.#sessions = row[at.sessions] ?? null
  }

  get sessions(): Sessions {
    return this.#sessions === null ? [] : (JSON.parse(this.#sessions) as Sessions)
  }
}

/** PostgreSQL counts microseconds from the year 2000 on. */
const YEAR_2000 = Date.UTC(2000, 0)
const NEVER_SENT = `\\x${BigInt.asUintN(64, BigInt(-YEAR_2000) * 1000n).toString(16)}`

/** The first halves of `infinity` and `-infinity`. */
const INFINITE: readonly number[] = [0x7fffffff, -0x80000000]

/** In milliseconds; null where nothing was sent, or `NEVER`. Throws for a moment without an end, which we never write. */
function momentIn(row: TextRow, place: number): number | null {
  const text = row[place] ?? null
  if (text === null || text === NEVER_SENT) return null
  const high = parseInt(text.slice(2, 10), 16) | 0
  if (INFINITE.includes(high)) throw new RangeError('an infinite moment is stored')
  return YEAR_2000 + Math.round((high * 2 ** 32 + parseInt(text.slice(10), 16)) / 1000)
}
