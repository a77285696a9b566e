// JavaScript, since the types of these clients do not hold under `skipLibCheck: false`; frontends.d.ts has ours.
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import {
  cacheExchange,
  createClient as createUrqlClient,
  fetchExchange,
  subscriptionExchange,
} from '@urql/core'
import { createClient as createWebSocketClient } from 'graphql-ws'
import { OperationTypeNode } from 'graphql'
import { WebSocket } from 'ws'
import { LOOK } from './acts.ts'
import { DIRECT_POPUP } from './popup.ts'

export function apolloFrontend({ gatewayUrl, webSocketUrl, token }) {
  const socket = socketTo(webSocketUrl, token)
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      new HttpLink({ uri: gatewayUrl, headers: authorization(token) }),
    ),
  })
  return {
    async look(ids) {
      const { data } = await client.query({ query: gql(LOOK), variables: { ids } })
      return withoutTypeNames(data.users)
    },
    subscribe(onEvent, onError) {
      const popup = client.subscribe({ query: gql(DIRECT_POPUP) }).subscribe({
        next: ({ data, error }) => (data ? onEvent(data.incomingPresenceRequests) : onError(error)),
        error: onError,
      })
      return () => popup.unsubscribe()
    },
    async dispose() {
      client.stop()
      await socket.dispose()
    },
  }
}

export function urqlFrontend({ gatewayUrl, webSocketUrl, token }) {
  const socket = socketTo(webSocketUrl, token)
  const client = createUrqlClient({
    url: gatewayUrl,
    // Else urql sends short queries by GET, which the subgraph refuses and a gateway may.
    preferGetMethod: false,
    fetchOptions: { headers: authorization(token) },
    exchanges: [
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (operation) => ({
          subscribe: (sink) => ({ unsubscribe: socket.subscribe(operation, sink) }),
        }),
      }),
    ],
  })
  return {
    async look(ids) {
      const { data, error } = await client.query(LOOK, { ids }).toPromise()
      if (error) throw error
      return withoutTypeNames(data.users)
    },
    subscribe(onEvent, onError) {
      const popup = client
        .subscription(DIRECT_POPUP, {})
        .subscribe(({ data, error }) => (data ? onEvent(data.incomingPresenceRequests) : onError(error)))
      return () => popup.unsubscribe()
    },
    dispose: () => socket.dispose(),
  }
}

/** No client library for queries, as in a small page. */
export function plainFrontend({ gatewayUrl, webSocketUrl, token }) {
  const socket = socketTo(webSocketUrl, token)
  return {
    async look(ids) {
      const response = await fetch(gatewayUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...authorization(token) },
        body: JSON.stringify({ query: LOOK, variables: { ids } }),
      })
      const { data } = await response.json()
      return data.users
    },
    subscribe: (onEvent, onError) =>
      socket.subscribe(
        { query: DIRECT_POPUP },
        {
          next: ({ data, errors }) => (data ? onEvent(data.incomingPresenceRequests) : onError(errors)),
          error: onError,
          complete: () => undefined,
        },
      ),
    dispose: () => socket.dispose(),
  }
}

function socketTo(url, token) {
  return createWebSocketClient({
    url,
    webSocketImpl: WebSocket,
    connectionParams: authorization(token),
    retryAttempts: 0,
  })
}

function authorization(token) {
  return { authorization: `Bearer ${token}` }
}

/** Client caches ask for __typename everywhere; a page shows none of it. */
function withoutTypeNames(value) {
  return JSON.parse(JSON.stringify(value, (key, member) => (key === '__typename' ? undefined : member)))
}
