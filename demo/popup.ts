/**
 * `npm run -s popup -- <user id>`: a popup for the terminal. Prints what waits for a user, and every change of it, one JSON object a
 * line, from the server that `npm start` runs; for development only.
 */
import { liveClient } from './live-client.ts'

const INCOMING = `subscription {
  incomingPresenceRequests {
    change
    requests { id requester { id } triggers askedAt expiresAt }
    notices { id requester { id } grantedAt }
    closedIds
  }
}`

const client = await liveClient(process.argv[2], 'Name the user whose popup it is: npm run -s popup -- bob')
for await (const { data } of client.iterate({ query: INCOMING })) {
  console.log(JSON.stringify(data?.['incomingPresenceRequests']))
}
