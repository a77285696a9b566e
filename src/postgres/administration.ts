import type {
  Administration,
  SiteSettings,
  UserSettings,
  UsersInOrder,
} from '../application/administration.ts'
import type { PresenceServer } from '../domain/disclosure.ts'
import { classAssigned, presenceServerSet, siteChanged } from '../domain/administrative-act.ts'
import { effectivePresenceServer } from '../domain/presence-server.ts'
import type { UserId } from '../domain/user-id.ts'
import { postgresClassesOfService } from './classes-of-service.ts'
import type { Query, Statements } from './database.ts'
import { putIntoClass } from './assign-class.ts'
import { KEEP_CLASSES } from './class-locks.ts'
import { erased } from './erased-users.ts'
import { PROVEN } from './proof.ts'
import { beginAct } from './record-act.ts'
import { NEXT_REVISION } from './revisions.ts'
import { classColumns, classOf, type UserRow } from './rows.ts'
import { CHANNEL, NOTIFY, SETTINGS_PAYLOAD, signalPayloads } from './signal.ts'

/** Some 0.1 s each: far from any timeout of a statement, and often enough for whoever watches the progress. */
const BATCH = 5000

const ASSIGNED_USERS = `/* assignedUsers */
  select c.name, count(u.id)::int as users
  from presence_privacy.classes_of_service c
  left join presence_privacy.users u on u.class_id = c.id
  where ${PROVEN} and c.id <> 1
  group by c.name`

const SETTINGS_OF = `/* settingsOf */
  select asked.id, coalesce(u.presence_server, 'NONE_KNOWN') as presence_server,
    (select site.presence_server from presence_privacy.site_settings site) as site_presence_server,
    ${classColumns('c', 'class')}
  from unnest($1::text[]) as asked (id)
  left join presence_privacy.users u on u.id = asked.id
  join presence_privacy.classes_of_service c on c.id = coalesce(u.class_id, 1)
  where ${PROVEN}`

/** A class that users are being put into stays under its number until they are. */
const LOCK_CLASS = `/* lockClass */
  select id from presence_privacy.classes_of_service where ${PROVEN} and name = $1 for key share`

/**
 * Rows are locked in the order of their ids, as by every change; what is so already is left alone, and nothing is made for whoever
 * was erased.
 */
const SET_PRESENCE_SERVER = `/* setPresenceServer */
  insert into presence_privacy.users as u (id, presence_server)
  select id, $2 from unnest($1::text[]) as id
  where not exists (${erased('id')})
  order by id collate "C"
  on conflict (id) do update set presence_server = excluded.presence_server, revision = ${NEXT_REVISION}
  where u.presence_server <> excluded.presence_server`

const READ_SITE = `/* readSite */
  select presence_server from presence_privacy.site_settings where ${PROVEN}`

const LOCK_SITE = `/* lockSite */
  select presence_server from presence_privacy.site_settings where ${PROVEN} for no key update`

const SET_SITE = `/* setSite */
  with set as (
    update presence_privacy.site_settings set presence_server = $1, revision = revision + 1 returning 1
  )
  select pg_notify('${CHANNEL}', $2::text) from set`

type SettingsRow = Pick<UserRow, 'presence_server' | 'site_presence_server'> &
  Parameters<typeof classOf<'class'>>[0] & { id: UserId }

type SiteRow = { presence_server: PresenceServer }

/** What administrators set, in PostgreSQL. */
export function postgresAdministration(database: Statements): Administration {
  const { query, transaction } = database
  return {
    ...postgresClassesOfService(database),

    async assignedUsers() {
      const rows = await query<{ name: string; users: number }>(ASSIGNED_USERS, [])
      return new Map(rows.map(({ name, users }) => [name, users]))
    },

    async settingsOf(users) {
      const rows = await query<SettingsRow>(SETTINGS_OF, [[...new Set(users)]])
      return new Map(rows.map((row) => [row.id, settingsOf(row)]))
    },

    assignClass: ({ actor, className, ...inOrder }) =>
      transaction(async (run) => {
        const act = await beginAct(run, actor)
        await run(KEEP_CLASSES, [])
        const [found] = await run<{ id: number }>(LOCK_CLASS, [className])
        if (found === undefined) return 'CLASS_NOT_FOUND'
        const assigned = await inBatches(run, inOrder, async (users) => {
          await putIntoClass(run, { users, classId: found.id })
          return act.about(users)
        })
        await act.end(classAssigned(className))
        return { assigned }
      }),

    setPresenceServer: ({ actor, server, ...inOrder }) =>
      transaction(async (run) => {
        const act = await beginAct(run, actor)
        const set = await inBatches(run, inOrder, async (users) => {
          await run(SET_PRESENCE_SERVER, [users, server])
          return act.about(users)
        })
        await act.end(presenceServerSet(server))
        return { set }
      }),

    site: async () => siteIn(await query<SiteRow>(READ_SITE, [])),

    setSite: ({ actor, ...settings }) =>
      transaction(async (run) => {
        const act = await beginAct(run, actor)
        const before = siteIn(await run<SiteRow>(LOCK_SITE, []))
        await run(SET_SITE, [settings.presenceServer, SETTINGS_PAYLOAD])
        await act.end(siteChanged(before, settings))
      }),
  }
}

/** `work` says how many users are done by now. */
async function inBatches(
  run: Query,
  { users, onProgress }: UsersInOrder,
  work: (users: readonly UserId[]) => Promise<number>,
): Promise<number> {
  let count = 0
  for (let done = 0; done < users.length;) {
    const batch = users.slice(done, done + BATCH)
    count = await work(batch)
    await run(NOTIFY, [signalPayloads(batch)])
    done += batch.length
    onProgress?.(done)
  }
  return count
}

function siteIn([site]: readonly SiteRow[]): SiteSettings {
  if (site === undefined) throw new Error('the settings of the site are missing')
  return { presenceServer: site.presence_server }
}

function settingsOf(row: SettingsRow): UserSettings {
  const [own, ofSite] = [row.presence_server, row.site_presence_server]
  return {
    classOfService: classOf(row, 'class'),
    presenceServer: { own, effective: effectivePresenceServer({ own, ofSite }) },
  }
}
