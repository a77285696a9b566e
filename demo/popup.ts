/**
 * `npm run -s popup -- <user id>`: a popup for the terminal. Prints what waits for a user, and every change of it, one JSON object a
 * line, from the server that `npm start` runs; for development only.
 */
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { readConfig } from '../src/config.ts'
import { parseUserId } from '../src/domain/user-id.ts'
import { requireDevelopmentKey, signDevelopmentToken } from '../src/identity/development-key.ts'

const INCOMING = `subscription {
  incomingPresenceRequests {
    change
    requests { id requester { id } triggers askedAt expiresAt }
    notices { id requester { id } grantedAt }
    closedIds
  }
}`

const userId = parseUserId(process.argv[2] ?? '')
if (userId === undefined) {
  console.error('Name the user whose popup it is: npm run -s popup -- bob')
  process.exit(64)
}

const { http, dataDir } = readConfig(process.env)
const key = await requireDevelopmentKey(dataDir)
const client = createClient({
  url: `ws://${http.host}:${String(http.port)}/graphql`,
  webSocketImpl: WebSocket,
  lazy: false,
  onNonLazyError: fail,
  connectionParams: async () => ({
    authorization: `Bearer ${await signDevelopmentToken(key, { userId, roles: [], lifetimeSeconds: 3600 })}`,
  }),
})
process.once('SIGINT', () => void client.dispose())

for await (const { data, errors } of client.iterate({ query: INCOMING })) {
  console.log(JSON.stringify(errors ?? data?.['incomingPresenceRequests']))
}

function fail(error: unknown): never {
  const reason = error instanceof Error ? error.message : 'the connection was refused or closed'
  console.error(`No popup: ${reason}. Is the server running (npm start), with the same settings?`)
  process.exit(69)
}
