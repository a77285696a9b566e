import WebSocket from 'ws'
import type { Client } from 'graphql-ws'
import { webSocketClient } from '../client/web-socket-client.ts'
import { readConfig } from '../src/config.ts'
import { parseUserId } from '../src/domain/user-id.ts'
import { requireDevelopmentKey, signDevelopmentToken } from '../src/identity/development-key.ts'

/** A client of the server that `npm start` runs, as one of its users; ended by Ctrl-C. Ends the process where there is no such user. */
export async function liveClient(user: string | undefined, usage: string): Promise<Client> {
  const userId = parseUserId(user ?? '')
  if (userId === undefined) {
    console.error(usage)
    process.exit(64)
  }
  const { http, dataDir } = readConfig(process.env)
  const key = await requireDevelopmentKey(dataDir)
  const client = webSocketClient({
    url: `ws://${http.host}:${String(http.port)}/graphql`,
    webSocketImpl: WebSocket,
    freshToken: () => signDevelopmentToken(key, { userId, roles: [], lifetimeSeconds: 3600 }),
    onConnection: (connection) => {
      if (connection === 'LOST') console.error('The server is gone. Coming back when it is there again.')
    },
  })
  client.on('error', () =>
    console.error('No connection. Is the server running (npm start), with the same settings?'),
  )
  process.once('SIGINT', () => void client.dispose())
  return client
}
