/**
 * Presence with stock packages, as one writes it on a Monday: every subscriber's event is executed for himself. It keeps everything in
 * memory, believes every client, and asks of privacy only whether a pair is on a list: all of it is cheaper than the real thing.
 * A process of its own; is told over IPC who looks at whom.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { MemPubSub } from '@graphql-hive/pubsub'
import { makeExecutableSchema } from '@graphql-tools/schema'
import { Repeater } from '@repeaterjs/repeater'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'

const [{ contacts, denied }] = await once(process, 'message')
const OFFLINE = { status: 'OFFLINE', activity: null, note: null }
const presences = new Map()
const pubSub = new MemPubSub()

const schema = makeExecutableSchema({
  typeDefs: /* GraphQL */ `
    type Query {
      me: User
    }
    type User {
      id: ID!
    }
    enum PresenceStatus {
      AVAILABLE
      BUSY
      DO_NOT_DISTURB
      BE_RIGHT_BACK
      AWAY
      IDLE
      OFFLINE
    }
    enum PresenceActivity {
      IN_A_CALL
      IN_A_CONFERENCE
      IN_A_MEETING
      PRESENTING
      OUT_OF_OFFICE
      OFF_WORK
    }
    type Presence {
      status: PresenceStatus!
      activity: PresenceActivity
      note: String
    }
    type UserPresence {
      user: User
      presence: Presence!
    }
    enum PresenceUpdateChange {
      SNAPSHOT
      CHANGED
      ADDED
      REMOVED
    }
    type PresenceUpdate {
      change: PresenceUpdateChange!
      presences: [UserPresence!]!
      removedIds: [ID!]!
    }
    input PublishPresenceInput {
      sessionId: ID
      status: PresenceStatus!
      activity: PresenceActivity
      note: String
      leaseSeconds: Int! = 120
    }
    type PublishPresencePayload {
      renewAfterSeconds: Int!
    }
    type Mutation {
      publishPresence(input: PublishPresenceInput!): PublishPresencePayload!
    }
    type Subscription {
      presenceUpdates: PresenceUpdate!
    }
  `,
  resolvers: {
    Mutation: {
      publishPresence(_parent, { input }, { viewer }) {
        const presence = { status: input.status, activity: input.activity ?? null, note: input.note ?? null }
        presences.set(viewer, presence)
        void pubSub.publish(`presence:${viewer}`, viewer)
        return { renewAfterSeconds: input.leaseSeconds / 2 }
      },
    },
    Subscription: {
      presenceUpdates: {
        subscribe: (_parent, _args, { viewer }) =>
          new Repeater(async (push, stop) => {
            const ids = contacts[viewer] ?? []
            push({ change: 'SNAPSHOT', presences: ids.map((id) => shown(viewer, id)), removedIds: [] })
            const subscriptions = ids
              .filter((id) => maySee(viewer, id))
              .map((id) =>
                pubSub.subscribe(`presence:${id}`, () => {
                  push({ change: 'CHANGED', presences: [shown(viewer, id)], removedIds: [] })
                }),
              )
            await stop
            for (const unsubscribe of subscriptions) await unsubscribe()
          }),
        resolve: (update) => update,
      },
    },
  },
})

function maySee(viewer, id) {
  return viewer !== denied && (contacts[viewer]?.includes(id) ?? false)
}

function shown(viewer, id) {
  return { user: { id }, presence: (maySee(viewer, id) && presences.get(id)) || OFFLINE }
}

const server = createServer()
useServer(
  { schema, context: ({ connectionParams }) => ({ viewer: connectionParams.user }) },
  new WebSocketServer({ server }),
)
server.listen(0, '127.0.0.1', () => process.send({ url: `ws://127.0.0.1:${server.address().port}` }))
process.on('disconnect', () => process.exit(0))
