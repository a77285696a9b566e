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
