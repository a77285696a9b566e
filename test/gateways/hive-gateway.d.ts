/** An endpoint of the whole graph. */
export type Gateway = { readonly url: string; stop(): Promise<void> }

/**
 * Hive Gateway in this process, on loopback: queries and mutations over HTTP, subscriptions over SSE or graphql-transport-ws.
 * docs/gateways.md shows the same settings for a gateway of its own; the two change together.
 */
export function startHiveGateway(options: {
  supergraph: string
  /** 0, as when left out, is any free one. */
  port?: number
  /** Left out, there is none. */
  graphiql?: { defaultQuery: string; headers: Readonly<Record<string, string>> }
  /** How the gateway itself subscribes; left out, over WebSocket. `sse-get` is what it does without settings. */
  subscriptionsOver?: 'ws' | 'sse-post' | 'sse-get'
}): Promise<Gateway>
