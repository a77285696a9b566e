import type { Client as EventStreamClient } from 'graphql-sse'
import type { Client as WebSocketClient } from 'graphql-ws'
import type { UserSeen } from './acts.ts'

/** What a page does with its client: it asks the gateway, and subscribes where it has been told to. */
export type Frontend = {
  look(ids: readonly string[]): Promise<UserSeen[]>
  /** Returns what ends it. */
  subscribe(
    query: string,
    variables: Readonly<Record<string, unknown>>,
    onData: (data: unknown) => void,
    onError: (error: unknown) => void,
  ): () => void
  dispose(): void | Promise<void>
}

export type Endpoints = {
  readonly gatewayUrl: string
  readonly subscriptions: WebSocketClient | EventStreamClient
  readonly freshToken: () => string | Promise<string>
}

export function apolloFrontend(endpoints: Endpoints): Frontend
export function urqlFrontend(endpoints: Endpoints): Frontend
export function plainFrontend(endpoints: Endpoints): Frontend

/** A page on Apollo Client that shows what is in its cache. */
export type ApolloPage = {
  /** Hears the data whenever all of it is there. Returns what ends it. */
  show(
    query: string,
    variables: Readonly<Record<string, unknown>>,
    onData: (data: unknown) => void,
  ): () => void
  /** Writes what the stream tells into the cache. */
  follow(query: string, variables: Readonly<Record<string, unknown>>): () => void
  cached(): string
  dispose(): Promise<void>
}

export function apolloPage(endpoints: Endpoints): ApolloPage

/** A cache of Apollo Client alone. */
export function apolloCache(typePolicies: Readonly<Record<string, object>>): {
  write(query: string, data: object): void
  read(query: string): unknown
}
