/** The popup of a frontend that subscribes; `name` is the other subgraph's, so only a gateway can answer it. */
export const POPUP = subscriptionOf('id name')

/** The same for a client that is connected to this subgraph itself. */
export const DIRECT_POPUP = subscriptionOf('id')

export type PopupEvent = {
  change: string
  requests: { id: string; requester: { id: string; name?: string } }[]
  closedIds: string[]
}

export type PopupResult = {
  data?: { incomingPresenceRequests: PopupEvent } | null
  errors?: readonly { message: string; extensions?: { code?: string } }[]
}

function subscriptionOf(userFields: string): string {
  return /* GraphQL */ `
    subscription Popup {
      incomingPresenceRequests {
        change
        requests { id requester { ${userFields} } }
        closedIds
      }
    }
  `
}
