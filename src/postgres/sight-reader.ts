import type { FactsReader } from '../application/ports.ts'
import type { SightFacts, SightOfPresentity } from '../application/sight-facts.ts'
import type { PresenceServer } from '../domain/disclosure.ts'
import { effectivePresenceServer } from '../domain/presence-server.ts'
import type { Sessions } from '../domain/sessions.ts'
import type { UserId } from '../domain/user-id.ts'
import {
  momentIn,
  NO_PAIR,
  NO_USER,
  unpackClasses,
  unpackPair,
  unpackUser,
  type PackedClass,
} from './packed-visibility.ts'
import { PROVEN } from './proof.ts'
import type { Read, TextRow } from './read.ts'

/**
 * Nobody reads them. Where there is no row of a user, or none of a pair, one takes about as long as fetching the row would have
 * (docs/timing.md).
 */
const STAND_INS = `(case when u.visibility is null then ${hashed(4)} is null end)::integer,
    (case when p.visibility is null then ${hashed(2)} is null end)::integer`

function hashed(times: number): string {
  return times === 0 ? 'textsend(asked.id)' : `sha256(${hashed(times - 1)})`
}

/** Where in a row each value stands: rows come as arrays. */
const OF_PRESENTITY = { id: 0, user: 1, pair: 2, sessions: 3 } as const
/** One row has no id. It is the watcher's, and holds what counts for all: the moment, the site, all classes of service. */
const OF_WATCHER = { moment: 1, presenceServer: 2, classes: 3, classId: 4 } as const

/**
 * What is seen of each user `asked` for, in one row each. All is looked up by its key, for one user after another, whether or not there is
 * anything: `limit` keeps the planner from reading all pairs of the watcher, or all users, instead.
 *
 * Whether or not there is anything of a user, as much is written, and as much is done: a user of whom nothing is stored would be answered
 * sooner than one who hides.
 */
function sight(caller: string, { asked, pair }: { readonly asked: string; readonly pair: string }): string {
  return `/* ${caller} */
  select null as id, encode(timestamptz_send(date_trunc('milliseconds', statement_timestamp())), 'hex'),
    site.presence_server, (select string_agg(visibility, '') from presence_privacy.classes_of_service),
    coalesce((select class_id from presence_privacy.users where id = $1), 1), null
  from presence_privacy.site_settings site
  where ${PROVEN}
  union all
  select asked.id, coalesce(u.visibility, '${NO_USER}'), coalesce(p.visibility, '${NO_PAIR}'),
    case when u.session_ends_at > statement_timestamp() then u.sessions::text end, ${STAND_INS}
  from ${asked}
  ${pair}
  left join lateral (
    select visibility, session_ends_at, sessions from presence_privacy.users where id = asked.id limit 1
  ) u on true`
}

/** Any users, whether or not there is anything of them. */
export const VIEW_PRESENCE = sight('viewPresence', {
  asked: 'unnest($2::text[]) as asked (id)',
  pair: `left join lateral (
    select visibility from presence_privacy.pairs
    where watcher_id = $1 and presentity_id = asked.id limit 1
  ) p on true`,
})

/** His contacts are one range of an index of their own, however many others the watcher has to do with. */
export const VIEW_CONTACTS = sight('viewContacts', {
  asked: `(
    select presentity_id as id, visibility from presence_privacy.pairs
    where watcher_id = $1 and contact_since is not null
  ) asked`,
  pair: 'cross join lateral (select asked.visibility) p',
})

/** The part of the facts that nearly all looks need, in the form that costs least. */
export function postgresSightReader(read: Read): Pick<FactsReader, 'readSight' | 'readContactSight'> {
  const sightIn = sightReader()
  return {
    readSight: async ({ watcher, presentities }) =>
      sightIn(await read(VIEW_PRESENCE, [watcher, presentities])),
    readContactSight: async ({ watcher }) => sightIn(await read(VIEW_CONTACTS, [watcher])),
  }
}

/** Classes hardly ever change, so they are unpacked again only when their text is another one. */
function sightReader() {
  let packed = ''
  let unpacked: Classes = new Map()
  const classesIn = (text: string): Classes => {
    if (text !== packed) {
      unpacked = unpackClasses(text)
      packed = text
    }
    return unpacked
  }

  return (rows: readonly TextRow[]): SightFacts => {
    // Mostly the first, but SQL promises no order.
    const ofWatcher = rows.find((row) => row[OF_PRESENTITY.id] === null)
    if (ofWatcher === undefined) throw new Error('the row of the watcher is missing')
    const classes = classesIn(textIn(ofWatcher, OF_WATCHER.classes))
    const ofSite = ofWatcher[OF_WATCHER.presenceServer] as PresenceServer
    const presentities = new Map<UserId, SightOfPresentity>()
    for (const row of rows) {
      if (row === ofWatcher) continue
      presentities.set(row[OF_PRESENTITY.id] as UserId, new SightInRow(row, { ofSite, classes }))
    }
    const { invitationHandling } = classIn(classes, Number(ofWatcher[OF_WATCHER.classId]))
    return {
      now: momentIn(textIn(ofWatcher, OF_WATCHER.moment), 0) ?? 0,
      watcherClass: { invitationHandling },
      presentities,
    }
  }
}

/** A class, as each look makes fifty of these, and node takes a microsecond and more for a getter in a literal. */
class SightInRow implements SightOfPresentity {
  readonly user: SightOfPresentity['user']
  readonly pair: SightOfPresentity['pair']
  readonly #sessions: string | null

  constructor(row: TextRow, { ofSite, classes }: { ofSite: PresenceServer; classes: Classes }) {
    const user = unpackUser(textIn(row, OF_PRESENTITY.user))
    const classOfService = classIn(classes, user.classId)
    this.user = {
      preference: { appearOffline: user.appearOffline, manual: user.manual },
      presenceServer: effectivePresenceServer({ own: user.presenceServer, ofSite }),
      classOfService,
      appearOfflineForbiddenAt: classOfService.appearOfflineForbiddenAt,
    }
    this.pair = unpackPair(textIn(row, OF_PRESENTITY.pair))
    this.#sessions = row[OF_PRESENTITY.sessions] ?? null
  }

  get sessions(): Sessions {
    return this.#sessions === null ? [] : (JSON.parse(this.#sessions) as Sessions)
  }
}

type Classes = ReadonlyMap<number, PackedClass>

function classIn(classes: Classes, id: number): PackedClass {
  const found = classes.get(id)
  if (found === undefined) throw new Error('a class of service is missing')
  return found
}

function textIn(row: TextRow, place: number): string {
  const text = row[place]
  if (typeof text !== 'string') throw new Error('a value is missing in a row')
  return text
}
