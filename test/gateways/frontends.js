// JavaScript, since the types of these clients do not hold under `skipLibCheck: false`; frontends.d.ts has ours.
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import {
  cacheExchange,
  createClient as createUrqlClient,
  fetchExchange,
  subscriptionExchange,
} from '@urql/core'
import { OperationTypeNode } from 'graphql'
import { PRESENCE_FIELDS } from '../../client/presence-fragment.ts'
import { LOOK } from './acts.ts'

export function apolloFrontend({ gatewayUrl, subscriptions, freshToken }) {
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(subscriptions),
      new HttpLink({ uri: gatewayUrl, fetch: fetchWith(freshToken) }),
    ),
  })
  return {
    async look(ids) {
      const { data } = await client.query({ query: gql(LOOK), variables: { ids } })
      return withoutTypeNames(data.users)
    },
    subscribe(query, variables, onData, onError) {
      const subscription = client.subscribe({ query: gql(query), variables }).subscribe({
        next: ({ data, error }) => (data ? onData(withoutTypeNames(data)) : onError(error)),
        error: onError,
      })
      return () => subscription.unsubscribe()
    },
    async dispose() {
      client.stop()
      await subscriptions.dispose()
    },
  }
}

/** A page that shows what is in its cache, and writes into it what its stream of presence tells. */
export function apolloPage({ gatewayUrl, subscriptions, freshToken }) {
  const client = new ApolloClient({
    cache: new InMemoryCache({ typePolicies: TYPE_POLICIES }),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(subscriptions),
      new HttpLink({ uri: gatewayUrl, fetch: fetchWith(freshToken) }),
    ),
  })
  return {
    show(query, variables, onData) {
      const shown = client
        .watchQuery({ query: gql(query), variables })
        .subscribe(({ data, dataState }) =>
          dataState === 'complete' ? onData(withoutTypeNames(data)) : undefined,
        )
      return () => shown.unsubscribe()
    },
    follow(query, variables) {
      const stream = client.subscribe({ query: gql(query), variables }).subscribe(({ data }) => {
        for (const { user, presence } of data?.presenceUpdates.presences ?? []) {
          if (user !== null)
            client.cache.writeFragment({ ...ON_USER, id: client.cache.identify(user), data: { presence } })
        }
      })
      return () => stream.unsubscribe()
    },
    cached: () => JSON.stringify(client.cache.extract()),
    async dispose() {
      client.stop()
      await subscriptions.dispose()
    },
  }
}

const TYPE_POLICIES = {
  // There is one of it, the caller's own: all documents share its entry.
  PresencePrivacy: { keyFields: [] },
}

const ON_USER = {
  fragmentName: 'OnUser',
  fragment: gql(`fragment OnUser on User { presence { ...PresenceFields } } ${PRESENCE_FIELDS}`),
}

/** A cache of Apollo Client alone. */
export function apolloCache(typePolicies) {
  const cache = new InMemoryCache({ typePolicies })
  return {
    write: (query, data) => void cache.writeQuery({ query: gql(query), data }),
    /** Null if some of it is missing. */
    read: (query) => cache.readQuery({ query: gql(query) }),
  }
}

export function urqlFrontend({ gatewayUrl, subscriptions, freshToken }) {
  const client = createUrqlClient({
    url: gatewayUrl,
    // Else urql sends short queries by GET, which the subgraph refuses and a gateway may.
    preferGetMethod: false,
    fetch: fetchWith(freshToken),
    exchanges: [
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({ unsubscribe: subscriptions.subscribe({ query, variables }, sink) }),
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
    subscribe(query, variables, onData, onError) {
      const subscription = client
        .subscription(query, variables)
        .subscribe(({ data, error }) => (data ? onData(withoutTypeNames(data)) : onError(error)))
      return () => subscription.unsubscribe()
    },
    dispose: () => subscriptions.dispose(),
  }
}

/** No client library for queries, as in a small page. */
export function plainFrontend({ gatewayUrl, subscriptions, freshToken }) {
  return {
    async look(ids) {
      const response = await fetchWith(freshToken)(gatewayUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: LOOK, variables: { ids } }),
      })
      const { data } = await response.json()
      return data.users
    },
    subscribe: (query, variables, onData, onError) =>
      subscriptions.subscribe(
        { query, variables },
        {
          next: ({ data, errors }) => (data ? onData(data) : onError(errors)),
          error: onError,
          complete: () => undefined,
        },
      ),
    dispose: () => subscriptions.dispose(),
  }
}

function fetchWith(freshToken) {
  return async (url, options) =>
    fetch(url, {
      ...options,
      headers: { ...options.headers, authorization: `Bearer ${await freshToken()}` },
    })
}

/** Client caches ask for __typename everywhere; a page shows none of it. */
function withoutTypeNames(value) {
  return JSON.parse(JSON.stringify(value, (key, member) => (key === '__typename' ? undefined : member)))
}
