/**
 * Gateways and client libraries between a page and the server join equal subscriptions, drop events of a slow one, and begin late joiners
 * in the middle. These make a subscription exact all the same, where its document has `$nonce` and selects `streamId` and `sequence`.
 */
type Request = {
  readonly query?: unknown
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined
}

/** The request with a nonce of its own, so that nothing joins it with another; unchanged if its document takes none. */
export function withNonce<Payload>(payload: Payload): Payload {
  const { query, variables } = payload as Request
  if (typeof query !== 'string' || !/\$nonce\b/.test(query)) return payload
  return { ...payload, variables: { ...variables, nonce: randomText() } }
}

/** `NEXT` follows what came before; `AGAIN` has come before; after `LOST` the subscription has to begin anew. */
export type Followed = 'NEXT' | 'AGAIN' | 'LOST'

/** Says of each result whether it follows the one before. A result without a name or a number always does. */
export function followStream(): (data: unknown) => Followed {
  let streamId: string | undefined
  let sequence = 0
  return (data) => {
    const place = placeIn(data)
    if (place === undefined) return 'NEXT'
    if (place.streamId !== streamId) {
      // An unknown name means to begin anew. The first event of a stream, which is a snapshot, does that by itself: a gateway has subscribed
      // anew. Of anything else what came before is missing.
      if (place.sequence !== 1 || !place.mayBegin) return 'LOST'
      streamId = place.streamId
    } else if (place.sequence <= sequence) return 'AGAIN'
    else if (place.sequence !== sequence + 1) return 'LOST'
    sequence = place.sequence
    return 'NEXT'
  }
}

type Selected = { readonly streamId?: unknown; readonly sequence?: unknown; readonly change?: unknown }
type Place = { readonly streamId: string; readonly sequence: number; readonly mayBegin: boolean }

function placeIn(data: unknown): Place | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const [event] = Object.values(data) as (Selected | null)[]
  const { streamId, sequence, change = 'SNAPSHOT' } = event ?? {}
  if (typeof streamId !== 'string' || typeof sequence !== 'number') return undefined
  return { streamId, sequence, mayBegin: change === 'SNAPSHOT' }
}

/** `crypto.randomUUID` is only for pages that came over HTTPS. */
function randomText(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((word) => word.toString(36)).join('-')
}
