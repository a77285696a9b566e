import { expect, test } from 'vitest'
import { actsOverApi } from '../support/acts-over-api.ts'
import { countStatements } from '../support/count-statements.ts'
import { createTestDatabase } from '../support/database.ts'
import { postgresStorage } from '../support/postgres-storage.ts'
import { putOnContactList } from '../support/put-on-contact-list.ts'
import { newUser } from '../support/new-user.ts'
import { startAppForTest, tokenOf } from '../support/start-app.ts'
import { connect, type Message, type RawClient } from '../support/web-socket-client.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'

const SOCKETS = 320
const CONTACTS = 20

const CONTACT_LIST =
  'subscription { presenceUpdates { change presences { user { id } presence { status } } removedIds } }'
const POPUP = 'subscription { incomingPresenceRequests { change requests { id } closedIds } }'

/** Of streams; the publishing that goes on meanwhile has statements of its own. */
const READS = ['viewPopup', 'liveContacts', 'livePairs', 'lookLive']

type Shown = { change: string; presences: { user: { id: string }; presence: { status: string } }[] }

test(
  `${String(SOCKETS)} clients that come back at once are all served, by two statements each, and none is lost`,
  { timeout: 120_000 },
  async () => {
    const database = await createTestDatabase()
    const storage = await postgresStorage(database)
    const contacts = Array.from({ length: CONTACTS }, () => newUser('contact'))
    const watchers = Array.from({ length: SOCKETS }, () => newUser('watcher'))
    for (const presentity of contacts)
      await decideAccess(storage.privacy, { presentity, watchers, verdict: 'ALLOWED', endsAt: null })
    for (const watcher of watchers) await putOnContactList(storage, { watcher, presentities: contacts })
    await storage.close()
    const tokens = await Promise.all(watchers.map((watcher) => tokenOf(watcher)))

    const before = await startAppForTest(database)
    const come = async (url: string) => {
      const clients = await Promise.all(tokens.map((token) => connect(url, token)))
      for (const client of clients) {
        client.send({ id: 'contacts', type: 'subscribe', payload: { query: CONTACT_LIST } })
        client.send({ id: 'popup', type: 'subscribe', payload: { query: POPUP } })
      }
      return clients
    }
    const first = await come(before.webSocketUrl)
    for (const client of first) await snapshots(client)
    const after = await startAppForTest(database)
    const [contact] = contacts
    const asContact = actsOverApi(after, await tokenOf(contact!))
    const sent = countStatements()
    const stopping = before.stop()
    const back = come(after.webSocketUrl)
    await asContact.publish('BUSY')
    const clients = await back
    const told = []
    for (const client of clients) told.push(await snapshots(client))
    sent.stop()
    await stopping
    const reads = sent.callers().filter((caller) => READS.includes(caller))
    expect(reads.filter((caller) => caller === 'viewPopup')).toHaveLength(SOCKETS)
    expect(reads.filter((caller) => caller === 'liveContacts')).toHaveLength(SOCKETS)
    // What changes meanwhile is looked at for all sockets together.
    expect(reads.length - 2 * SOCKETS).toBeLessThan(SOCKETS / 10)

    await asContact.publish('AWAY')
    for (const [place, client] of clients.entries()) {
      let status = told[place]?.get(contact!)
      while (status !== 'AWAY') {
        const { presences } = presenceIn(await client.next())
        status = presences.find(({ user }) => user.id === contact)?.presence.status
      }
    }
    await Promise.all(clients.map((client) => client.close()))
  },
)

/** Both streams have opened; who is shown how. */
async function snapshots(client: RawClient): Promise<Map<string, string>> {
  const opened = new Set<string>()
  const shown = new Map<string, string>()
  while (opened.size < 2) {
    const message = await client.next()
    if (message.type !== 'next') throw new Error(JSON.stringify(message))
    opened.add(message.id ?? '')
    if (message.id !== 'contacts') continue
    for (const { user, presence } of presenceIn(message).presences) shown.set(user.id, presence.status)
  }
  return shown
}

function presenceIn({ payload }: Message): Shown {
  return (payload as { data: { presenceUpdates: Shown } }).data.presenceUpdates
}
