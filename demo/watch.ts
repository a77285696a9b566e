/**
 * `npm run -s watch -- <user id> [<user id> …]`: how others are shown to a user, as it changes, one line for each: those named, or else
 * those in his contact list. From the server that `npm start` runs; for development only.
 */
import { CONTACT_LIST, ON_SCREEN, type PresenceUpdate } from '../client/presence-updates.ts'
import { liveClient } from './live-client.ts'

const [watcher, ...userIds] = process.argv.slice(2)
const client = await liveClient(watcher, 'Name who looks, and at whom: npm run -s watch -- alice bob')
const subscription =
  userIds.length > 0 ? { query: ON_SCREEN, variables: { userIds } } : { query: CONTACT_LIST }

for await (const { data } of client.iterate<{ presenceUpdates: PresenceUpdate }>(subscription)) {
  if (data == null) continue
  const { presences, removedIds } = data.presenceUpdates
  for (const { user, presence } of presences) {
    const { status, activity, note } = presence
    console.log([user?.id, status, activity, note].filter((part) => part !== null).join('  '))
  }
  for (const id of removedIds) console.log(`${id}  is no longer a contact`)
}
