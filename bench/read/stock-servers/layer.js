/**
 * `node bench/read/stock-servers/layer.js`, after `npm run build`: what GraphQL itself costs for 50 users, from a request's parsed body to the
 * text of its answer, with all facts in memory and without identity. Ours beside graphql-js under Apollo Server as it comes; what both
 * decide is measured alone, and taken off. Prints microseconds of CPU for each request, medians of rounds that take turns.
 */
import assert from 'node:assert/strict'
import { ApolloServer, HeaderMap } from '@apollo/server'
import { buildSubgraphSchema } from '@apollo/subgraph'
import DataLoader from 'dataloader'
import { gql } from 'graphql-tag'
import { typeDefs } from './schema.js'

const built = new URL('../../../dist/src/', import.meta.url)
const load = (file) => import(new URL(file, built).href)
const { createSchema } = await load('graphql/schema.js')
const { createGate } = await load('graphql/gate.js')
const { compiledOperations } = await load('graphql/compiled-operations.js')
const { createContext } = await load('graphql/context.js')
const { viewPresence } = await load('application/view-presence.js')
const { NO_PAIR } = await load('domain/pair.js')

const ROUNDS = 15
const REQUESTS = 400
const USERS = 50
const QUERY =
  'query ContactList__presence__0($representations:[_Any!]!){_entities(representations:$representations){...on User{presence{status activity note}presenceAccess}}}'

const ids = Array.from({ length: USERS }, (_, place) => `user-${place}`)
const body = () => ({
  query: QUERY,
  operationName: 'ContactList__presence__0',
  variables: { representations: ids.map((id) => ({ __typename: 'User', id })) },
})
const ofUser = (place) => ({
  user: {
    preference: { appearOffline: false, manual: null },
    presenceServer: 'NONE_KNOWN',
    classOfService: { pendingShown: true, appearOfflineAllowed: true },
  },
  pair: {
    ...NO_PAIR,
    edge: { ...NO_PAIR.edge, state: place % 2 === 0 ? 'ALLOWED' : 'NONE' },
    view: { ...NO_PAIR.view, access: place % 2 === 0 ? 'ALLOWED' : 'NONE' },
    contactSince: 1,
  },
  sessions: [
    {
      ...{ id: 'desk', status: 'BUSY', activity: 'IN_A_CALL', note: place % 4 === 0 ? 'until five' : null },
      ...{ publishedAt: 1, activeAt: 1, leaseEndsAt: 1e15, mayAppearOffline: true },
    },
  ],
})
const facts = {
  now: 2,
  watcherClass: { invitationHandling: 'USER_DEFINED' },
  presentities: new Map(ids.map((id, place) => [id, ofUser(place)])),
}
const services = {
  facts: { readSight: () => Promise.resolve(facts) },
  policy: { blockingHidesBothWays: true, ageing: { idleAfterMs: null, awayAfterMs: null } },
}
const viewer = { userId: 'viewer', roles: new Set(), expiresAt: 1e15 }
const look = (presentities) => viewPresence(services, { watcher: viewer.userId, presentities })

const schema = createSchema({ maxRepresentations: 1000 })
const gate = createGate(schema, { introspection: false })
const compiled = compiledOperations(schema)
async function ours() {
  const { query, operationName, variables } = body()
  const document = gate.admit(query)
  const run = compiled({ document, operationName })
  // The first few times there is no code of it yet.
  return run === null ? null : JSON.stringify(await run(createContext(services, viewer), variables))
}

const apollo = new ApolloServer({
  schema: buildSubgraphSchema([
    {
      typeDefs: gql(typeDefs),
      resolvers: {
        User: {
          __resolveReference: ({ id }) => ({ id }),
          presence: async ({ id }, _args, { see }) => (await see.load(id)).presence,
          presenceAccess: async ({ id }, _args, { see }) => (await see.load(id)).access,
        },
      },
    },
  ]),
})
await apollo.start()
const headers = new HeaderMap([['content-type', 'application/json']])
async function apollos() {
  const answer = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: 'POST', headers, search: '', body: body() },
    context: async () => ({
      see: new DataLoader(async (keys) => {
        const found = await look(keys)
        return keys.map((key) => found.get(key))
      }),
    }),
  })
  return answer.body.string
}

while ((await ours()) === null);
assert.deepEqual(JSON.parse(await ours()), JSON.parse(await apollos()))
const variants = { ours, apollo: apollos, decisions: () => look(ids) }
const costs = Object.fromEntries(Object.keys(variants).map((name) => [name, []]))
for (let round = -3; round < ROUNDS; round++) {
  for (const [name, run] of Object.entries(variants)) {
    const before = process.cpuUsage()
    for (let request = 0; request < REQUESTS; request++) await run()
    const { user, system } = process.cpuUsage(before)
    if (round >= 0) costs[name].push((user + system) / REQUESTS)
  }
}
const middle = Object.fromEntries(
  Object.entries(costs).map(([name, each]) => [name, each.sort((one, other) => one - other)[ROUNDS >> 1]]),
)
const layer = { ours: middle.ours - middle.decisions, apollo: middle.apollo - middle.decisions }
console.log(JSON.stringify({ whole: middle, layer, times: layer.apollo / layer.ours }, null, 2))
await apollo.stop()
