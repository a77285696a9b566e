/**
 * The tables as one reads them with pg by hand: a statement for each, prepared by name, all of them at once on a pool. What a viewer
 * sees of some users, for DataLoader.
 */
import DataLoader from 'dataloader'
import pg from 'pg'
import { config } from '../built.js'
import { seenBy } from '../stock-facts.js'

const pool = new pg.Pool({ connectionString: config.database.server.url, max: 10, idleTimeoutMillis: 0 })

const WATCHER = `
  select now() as now, c.invitation_handling as "invitationHandling", site.presence_server as "presenceServer"
  from presence_privacy.classes_of_service c, presence_privacy.site_settings site
  where c.id = coalesce((select class_id from presence_privacy.users where id = $1), 1)`
const USERS = `
  select u.id, u.presence_server as "presenceServer", u.appear_offline as "appearOffline", u.manual_status as "manualStatus",
    u.manual_ends_at as "manualEndsAt", u.sessions, c.pending_shown as "pendingShown", c.appear_offline_allowed as "appearOfflineAllowed"
  from presence_privacy.users u join presence_privacy.classes_of_service c on c.id = u.class_id
  where u.id = any ($1)`
const PAIRS = `
  select presentity_id as "presentityId", edge_state as "edgeState", edge_origin as "edgeOrigin", edge_since as "edgeSince",
    edge_ends_at as "edgeEndsAt", replaced_block as "replacedBlock", shown_when_asked as "shownWhenAsked", view_access as "viewAccess",
    view_ends_at as "viewEndsAt", contact_since as "contactSince", watcher_blocks_from as "watcherBlocksFrom"
  from presence_privacy.pairs where watcher_id = $1 and presentity_id = any ($2)`

/** For one request. */
export function looks(viewer) {
  return new DataLoader(async (ids) => {
    const [[watcher], users, pairs] = await Promise.all([
      rows('watcher', WATCHER, [viewer]),
      rows('users', USERS, [ids]),
      rows('pairs', PAIRS, [viewer, ids]),
    ])
    const userOf = new Map(users.map((user) => [user.id, user]))
    const pairOf = new Map(pairs.map((pair) => [pair.presentityId, pair]))
    return ids.map((id) =>
      seenBy(viewer, id, {
        now: watcher.now.getTime(),
        watcherClass: watcher,
        site: watcher,
        user: userOf.get(id),
        userClass: userOf.get(id),
        pair: pairOf.get(id),
      }),
    )
  })
}

async function rows(name, text, values) {
  return (await pool.query({ name, text, values })).rows
}
