import { startAccounts } from '../../demo/accounts.ts'
import { createTestDatabase } from '../support/database.ts'
import { askGraphQL, postGraphQL, type GraphQLAnswer } from '../support/post-graphql.ts'
import { startSubgraph, type RunningSubgraph } from '../support/start-subgraph.ts'
import { tcpProxy } from '../support/tcp-proxy.ts'
import { issuerKey } from '../support/token-issuer.ts'
import type { ComposedService } from './compose.ts'
import type { Gateway } from './hive-gateway.js'

/** A whole graph on loopback: this subgraph, the one that owns users, and a gateway in front of them. */
export type Graph = {
  readonly gateway: Gateway
  /** This subgraph itself, for clients that connect directly. */
  readonly presence: RunningSubgraph
  as(userId: string, claims?: Record<string, unknown>): Promise<Caller>
  /** Stops this subgraph and leaves the rest as it is. */
  stopPresence(): Promise<void>
  /** Stops this subgraph, if it runs, and starts it again at the same address. */
  restartPresence(): Promise<void>
  stop(): Promise<void>
}

/** Somebody with a token, in front of the gateway. */
export type Caller = {
  readonly token: string
  /** The data; an error in the answer fails the test. */
  ask<Data>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Data>
  /** The answer, whatever it is. */
  post(query: string, variables?: Readonly<Record<string, unknown>>): Promise<GraphQLAnswer<unknown>>
}

export async function startGraph(
  startGateway: (services: readonly ComposedService[]) => Promise<Gateway>,
): Promise<Graph> {
  const database = await createTestDatabase()
  const key = issuerKey()
  const accounts = await startAccounts()
  let presence = await startSubgraph({ databaseUrl: database.url, key })
  // The gateway keeps to one address. A port that is free while this subgraph is down may be taken by any other program.
  const address = await tcpProxy(presence.url)
  const gateway = await startGateway([
    { name: 'accounts', url: accounts.url, sdl: await sdlOf(accounts.url) },
    { name: 'presence', url: address.url, sdl: await sdlOf(presence.url) },
  ])
  return {
    gateway,
    get presence() {
      return presence
    },
    async as(userId, claims) {
      const token = await presence.tokenOf(userId, claims)
      return {
        token,
        ask: (query, variables = {}) => askGraphQL(gateway.url, { query, variables, token }),
        post: (query, variables = {}) => postGraphQL(gateway.url, { query, variables, token }),
      }
    },
    async stopPresence() {
      await presence.stop()
      address.unplug()
    },
    async restartPresence() {
      // First, as it takes long on a busy machine: the longer clients find nobody, the longer they wait before they try again.
      const next = await startSubgraph({ databaseUrl: database.url, key })
      await presence.stop()
      presence = next
      address.leadTo(next.url)
      address.plugIn()
    },
    async stop() {
      await gateway.stop()
      await accounts.stop()
      await presence.stop()
      await address.close()
    },
  }
}

/** What a subgraph says of itself to whoever composes it. */
async function sdlOf(url: string): Promise<string> {
  const { _service } = await askGraphQL<{ _service: { sdl: string } }>(url, { query: '{ _service { sdl } }' })
  return _service.sdl
}
