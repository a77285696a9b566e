import type { UserSeen } from './acts.ts'
import type { PopupEvent } from './popup.ts'

/** What a page does with its client: it asks the gateway, and holds a socket to this subgraph for the popup. */
export type Frontend = {
  look(ids: readonly string[]): Promise<UserSeen[]>
  /** Returns what ends it. */
  subscribe(onEvent: (event: PopupEvent) => void, onError: (error: unknown) => void): () => void
  dispose(): void | Promise<void>
}

export type Endpoints = { readonly gatewayUrl: string; readonly webSocketUrl: string; readonly token: string }

export function apolloFrontend(endpoints: Endpoints): Frontend
export function urqlFrontend(endpoints: Endpoints): Frontend
export function plainFrontend(endpoints: Endpoints): Frontend
