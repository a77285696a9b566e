import { onTestFinished } from 'vitest'
import { postStream } from './event-stream-client.ts'
import { connect } from './web-socket-client.ts'

const PRESENCE_UPDATES = updatesWith('')
/** The server cannot share such results among watchers. */
const UPDATES_FOR_THE_VIEWER = updatesWith('canBeMessaged')

function updatesWith(more: string): string {
  return /* GraphQL */ `
    subscription ($userIds: [ID!]) {
      presenceUpdates(userIds: $userIds) {
        change
        presences { user { id ${more} } presence { status activity note } }
        removedIds
      }
    }
  `
}

export type PresenceUpdate = {
  readonly change: 'SNAPSHOT' | 'CHANGED' | 'ADDED' | 'REMOVED'
  readonly presences: readonly {
    readonly user: { readonly id: string }
    readonly presence: {
      readonly status: string
      readonly activity: string | null
      readonly note: string | null
    }
  }[]
  readonly removedIds: readonly string[]
}

/** A stream of presence, as a client has it. */
export type PresenceWatch = {
  /** The next update. Fails when the stream ends or tells an error before it comes. */
  next(): Promise<PresenceUpdate>
  /** The same in short: each user's status, or the ids of those removed. */
  told(): Promise<Record<string, unknown>>
  /** Waits for the error that the stream ends with, and returns its message together with its extensions. */
  refusal(): Promise<Readonly<Record<string, unknown>>>
  /** The bytes of everything that came, one text for each message or event. */
  texts(): readonly string[]
  close(): Promise<void>
}

export type Watched = {
  readonly token: string
  /** Left out: the watcher's contact list. */
  readonly userIds?: readonly string[]
}

export type WatchOver = (server: { readonly url: string }, watched: Watched) => Promise<PresenceWatch>

type Result = {
  readonly data?: { readonly presenceUpdates: PresenceUpdate } | null
  readonly errors?: readonly {
    readonly message: string
    readonly extensions?: Readonly<Record<string, unknown>>
  }[]
}

/** Closed after the test. */
export const watchOverWebSocket = webSocketWatch(PRESENCE_UPDATES)

export const TRANSPORTS = [
  ['graphql-transport-ws', watchOverWebSocket],
  ['SSE', watchOverSse],
] as const

/** With one that asks for a field that depends on who asks. */
export const ALL_WAYS = [
  ...TRANSPORTS,
  ['graphql-transport-ws, for one viewer', webSocketWatch(UPDATES_FOR_THE_VIEWER)],
] as const

function webSocketWatch(query: string): WatchOver {
  return async ({ url }, { token, userIds }) => {
    const client = await connect(url.replace(/^http/, 'ws'), token)
    onTestFinished(client.close)
    client.send({ id: '1', type: 'subscribe', payload: { query, variables: { userIds } } })
    return watchOf({
      async result() {
        const { type, payload } = await client.next()
        return type === 'error' ? { errors: payload as Result['errors'] & object } : (payload as Result)
      },
      // Without the acknowledgement.
      texts: () => client.texts.slice(1),
      close: client.close,
    })
  }
}

/** Closed after the test. */
async function watchOverSse(
  { url }: { readonly url: string },
  { token, userIds }: Watched,
): Promise<PresenceWatch> {
  const stream = await postStream(url, {
    query: PRESENCE_UPDATES,
    ...(userIds === undefined ? {} : { variables: { userIds } }),
    token,
  })
  const close = async (): Promise<void> => {
    stream.cut()
    await stream.ended
  }
  onTestFinished(close)
  return watchOf({
    result: async () => (await stream.next()).data as Result,
    texts: () => stream.texts,
    close,
  })
}

function watchOf({
  result,
  texts,
  close,
}: {
  readonly result: () => Promise<Result | null>
  readonly texts: () => readonly string[]
  readonly close: () => Promise<void>
}): PresenceWatch {
  const next = async (): Promise<PresenceUpdate> => {
    const came = await result()
    if (came?.data == null) throw new Error(`no update but ${JSON.stringify(came)}`)
    return came.data.presenceUpdates
  }
  return {
    next,
    close,
    texts,
    told: async () => inShort(await next()),
    async refusal() {
      const came = await result()
      const [error] = came?.errors ?? []
      if (error === undefined) throw new Error(`no error but ${JSON.stringify(came)}`)
      return { message: error.message, ...error.extensions }
    },
  }
}

function inShort({ change, presences, removedIds }: PresenceUpdate): Record<string, unknown> {
  if (change === 'REMOVED') return { REMOVED: removedIds }
  return { [change]: Object.fromEntries(presences.map(({ user, presence }) => [user.id, presence.status])) }
}
