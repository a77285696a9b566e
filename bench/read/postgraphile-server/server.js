/**
 * PostGraphile 5 over the tables of presence: users, pairs, sessions and classes are read as its planner sees fit, and what the viewer
 * sees of a user is one step of the plan.
 */
import { createServer } from 'node:http'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { constant, context, get, lambda, list, object } from 'postgraphile/grafast'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import { extendSchema, gql, jsonPgSmartTags } from 'postgraphile/utils'
import { config, listening, viewerOf } from '../built.js'
import { seenBy } from '../stock-facts.js'

/** The graph's users are not the rows of the table: there may be none of somebody. */
const storedUsers = jsonPgSmartTags({
  version: 1,
  config: { class: { 'presence_privacy.users': { tags: { name: 'stored_users' } } } },
})

const presence = extendSchema(({ pgResources }) => {
  const { classes_of_service: classes, pairs, site_settings: sites } = pgResources
  const users = pgResources.users ?? pgResources.stored_users

  /** What the viewer sees of the user whose id this is. */
  const look = ($id) => {
    const $viewer = context().get('viewer')
    const $user = users.get({ id: $id })
    const $class = classes.get({ id: $user.get('class_id') })
    const $watcher = users.get({ id: $viewer })
    return lambda(
      list([
        $viewer,
        $id,
        columns($user, USER),
        columns($class, CLASS),
        columns(pairs.get({ watcher_id: $viewer, presentity_id: $id }), PAIR),
        columns(classes.get({ id: $watcher.get('class_id') }), CLASS),
        columns(classes.get({ id: constant(1) }), CLASS),
        sites.get({ id: constant(1) }).get('presence_server'),
      ]),
      decide,
    )
  }

  return {
    typeDefs: gql`
      scalar _Any
      extend type Query {
        _entities(representations: [_Any!]!): [User]!
      }
      type User {
        id: ID!
        presence: Presence
        presenceAccess: PresenceAccess
      }
      type Presence {
        status: PresenceStatus!
        activity: PresenceActivity
        note: String
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
      enum PresenceAccess {
        NONE
        PENDING
        ALLOWED
      }
    `,
    scalars: { _Any: { parseValue: (value) => value, serialize: (value) => value } },
    objects: {
      Query: {
        plans: {
          _entities: (_$root, fieldArgs) =>
            lambda(fieldArgs.getRaw('representations'), (representations) => representations),
        },
      },
      User: {
        plans: {
          id: ($user) => get($user, 'id'),
          presence: ($user) => get(look(get($user, 'id')), 'presence'),
          presenceAccess: ($user) => get(look(get($user, 'id')), 'access'),
        },
      },
      Presence: {
        plans: {
          status: ($presence) => get($presence, 'status'),
          activity: ($presence) => get($presence, 'activity'),
          note: ($presence) => get($presence, 'note'),
        },
      },
    },
  }
})

const USER = ['id', 'presence_server', 'appear_offline', 'manual_status', 'manual_ends_at', 'sessions']
const CLASS = ['id', 'invitation_handling', 'pending_shown', 'appear_offline_allowed']
const PAIR = [
  ...[
    'presentity_id',
    'edge_state',
    'edge_origin',
    'edge_since',
    'edge_ends_at',
    'replaced_block',
    'shown_when_asked',
  ],
  ...['view_access', 'view_ends_at', 'contact_since', 'watcher_blocks_from'],
]
const MOMENT = /(_at|_since|_from)$/

function columns($row, names) {
  return object(Object.fromEntries(names.map((name) => [name, $row.get(name)])))
}

function decide([viewer, id, user, ofUser, pair, ofWatcher, standard, presenceServer]) {
  return seenBy(viewer, id, {
    now: Date.now(),
    watcherClass: ofWatcher.id === null ? camelCased(standard) : camelCased(ofWatcher),
    site: { presenceServer },
    user: user.id === null ? undefined : camelCased(user),
    userClass: camelCased(ofUser),
    pair: pair.presentity_id === null ? undefined : camelCased(pair),
  })
}

function camelCased(row) {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replace(/_(.)/g, (_, letter) => letter.toUpperCase()),
      value !== null && MOMENT.test(name) ? new Date(value) : value,
    ]),
  )
}

const serving = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [storedUsers, presence],
  pgServices: [
    makePgService({ connectionString: config.database.server.url, schemas: ['presence_privacy'] }),
  ],
  grafast: {
    context: async ({ node }) => ({ viewer: await viewerOf(node.req.headers.authorization) }),
  },
  grafserv: { graphqlPath: '/graphql', graphiql: false, websockets: false, watch: false },
}).createServ(grafserv)
const server = createServer()
await serving.addTo(server)
server.listen(0, '127.0.0.1', () => listening(server))
