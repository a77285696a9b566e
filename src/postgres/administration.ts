import type { Administration, UserSettings, UsersInOrder } from '../application/administration.ts'
import type { PresenceServer } from '../domain/disclosure.ts'
import { effectivePresenceServer } from '../domain/presence-server.ts'
import type { UserId } from '../domain/user-id.ts'
import { postgresClassesOfService } from './classes-of-service.ts'
import type { Database, Query } from './database.ts'
import { classColumns, classOf, type UserRow } from './rows.ts'

/** Some 0.1 s each: far from any timeout of a statement, and often enough for whoever watches the progress. */
const BATCH = 5000

const ASSIGNED_USERS = `/* assignedUsers */
  select c.name, count(u.id)::int as users
  from presence_privacy.classes_of_service c
  left join presence_privacy.users u on u.class_id = c.id
  where c.id <> 1
  group by c.name`

const SETTINGS_OF = `/* settingsOf */
  select asked.id, coalesce(u.presence_server, 'NONE_KNOWN') as presence_server,
    (select site.presence_server from presence_privacy.site_settings site) as site_presence_server,
    ${classColumns('c', 'class')}
  from unnest($1::text[]) as asked (id)
  left join presence_privacy.users u on u.id = asked.id
  join presence_privacy.classes_of_service c on c.id = coalesce(u.class_id, 1)`

/** A class that users are being put into stays under its number until they are. */
const LOCK_CLASS = `/* lockClass */
  select id from presence_privacy.classes_of_service where name = $1 for key share`

/** Rows are locked in the order of their ids, as by every change; what is so already is left alone. */
const ASSIGN_CLASS = `/* assignClass */
  insert into presence_privacy.users as u (id, class_id)
  select id, $2::int from unnest($1::text[]) as id order by id collate "C"
  on conflict (id) do update set class_id = excluded.class_id, revision = u.revision + 1
  where u.class_id <> excluded.class_id`

const SET_PRESENCE_SERVER = `/* setPresenceServer */
  insert into presence_privacy.users as u (id, presence_server)
  select id, $2 from unnest($1::text[]) as id order by id collate "C"
  on conflict (id) do update set presence_server = excluded.presence_server, revision = u.revision + 1
  where u.presence_server <> excluded.presence_server`

const READ_SITE = `/* readSite */
  select presence_server from presence_privacy.site_settings`

const SET_SITE = `/* setSite */
  update presence_privacy.site_settings set presence_server = $1, revision = revision + 1`

type SettingsRow = Pick<UserRow, 'presence_server' | 'site_presence_server'> &
  Parameters<typeof classOf<'class'>>[0] & { id: UserId }

/** What administrators set, in PostgreSQL. */
export function postgresAdministration({ query, transaction, dataSource }: Database): Administration {
  return {
    ...postgresClassesOfService(dataSource),

    async assignedUsers() {
      const rows = await query<{ name: string; users: number }>(ASSIGNED_USERS, [])
      return new Map(rows.map(({ name, users }) => [name, users]))
    },

    async settingsOf(users) {
      const rows = await query<SettingsRow>(SETTINGS_OF, [[...new Set(users)]])
      return new Map(rows.map((row) => [row.id, settingsOf(row)]))
    },

    assignClass: ({ className, ...inOrder }) =>
      transaction(async (run) => {
        const [found] = await run<{ id: number }>(LOCK_CLASS, [className])
        if (found === undefined) return 'CLASS_NOT_FOUND'
        await inBatches(inOrder, (users) => run(ASSIGN_CLASS, [users, found.id]))
        return 'ASSIGNED'
      }),

    setPresenceServer: ({ server, ...inOrder }) =>
      transaction((run) => inBatches(inOrder, (users) => run(SET_PRESENCE_SERVER, [users, server]))),

    async site() {
      const [site] = await query<{ presence_server: PresenceServer }>(READ_SITE, [])
      if (site === undefined) throw new Error('the settings of the site are missing')
      return { presenceServer: site.presence_server }
    },

    async setSite({ presenceServer }) {
      await query(SET_SITE, [presenceServer])
    },
  }
}

async function inBatches(
  { users, onProgress }: UsersInOrder,
  work: (users: readonly UserId[]) => ReturnType<Query>,
): Promise<void> {
  for (let done = 0; done < users.length;) {
    const batch = users.slice(done, done + BATCH)
    await work(batch)
    done += batch.length
    onProgress?.(done)
  }
}

function settingsOf(row: SettingsRow): UserSettings {
  const [own, ofSite] = [row.presence_server, row.site_presence_server]
  return {
    classOfService: classOf(row, 'class'),
    presenceServer: { own, effective: effectivePresenceServer({ own, ofSite }) },
  }
}
