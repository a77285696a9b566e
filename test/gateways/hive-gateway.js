// JavaScript, since the types of Hive Gateway's packages do not hold under `skipLibCheck: false`; hive-gateway.d.ts has ours.
import { createServer } from 'node:http'
import { createGatewayRuntime, getGraphQLWSOptions } from '@graphql-hive/gateway-runtime'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'

const SUBSCRIPTIONS = {
  ws: {
    transportEntries: {
      presence: {
        options: {
          subscriptions: {
            kind: 'ws',
            options: { connectionParams: { authorization: '{context.headers.authorization}' } },
          },
        },
      },
    },
  },
  'sse-post': {
    transportEntries: {
      presence: { options: { subscriptions: { kind: 'http', options: { method: 'POST' } } } },
    },
  },
  'sse-get': {},
}

export async function startHiveGateway({ supergraph, port = 0, graphiql, subscriptionsOver = 'ws' }) {
  const gateway = createGatewayRuntime({
    supergraph,
    propagateHeaders: {
      // From the context, not from the request: a client on a WebSocket sends its token in connection_init.
      fromClientToSubgraphs: ({ context }) => ({ authorization: context.headers.authorization }),
    },
    ...SUBSCRIPTIONS[subscriptionsOver],
    graphiql:
      graphiql === undefined
        ? false
        : { defaultQuery: graphiql.defaultQuery, headers: JSON.stringify(graphiql.headers, null, 2) },
    renderGraphiQL,
    landingPage: false,
    logging: false,
  })
  const http = createServer(gateway)
  const webSockets = new WebSocketServer({ server: http, path: '/graphql' })
  const streams = useServer(
    getGraphQLWSOptions(gateway, ({ extra }) => ({ req: extra.request, socket: extra.socket })),
    webSockets,
  )
  await new Promise((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${http.address().port}/graphql`,
    async stop() {
      await streams.dispose()
      const closed = new Promise((resolve) => http.close(resolve))
      http.closeAllConnections()
      await closed
      await gateway[Symbol.asyncDispose]()
    },
  }
}
