/** Apollo Server as its documentation starts it, TypeORM's repositories, and a DataLoader for each: as one writes it on a Monday. */
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { buildSubgraphSchema } from '@apollo/subgraph'
import DataLoader from 'dataloader'
import { gql } from 'graphql-tag'
import { DataSource, In } from 'typeorm'
import { config, viewerOf } from '../built.js'
import { seenBy } from '../stock-facts.js'
import { ClassOfService, Pair, SiteSettings, User } from './entities.js'
import { typeDefs } from './schema.js'

const source = new DataSource({
  type: 'postgres',
  url: config.database.server.url,
  schema: 'presence_privacy',
  entities: [ClassOfService, Pair, SiteSettings, User],
})
await source.initialize()
const [users, pairs, classes, sites] = [User, Pair, ClassOfService, SiteSettings].map((entity) =>
  source.getRepository(entity),
)

const resolvers = {
  User: {
    __resolveReference: ({ id }) => ({ id }),
    presence: async ({ id }, _args, context) => (await look(id, context)).presence,
    presenceAccess: async ({ id }, _args, context) => (await look(id, context)).access,
  },
}

const { url } = await startStandaloneServer(
  new ApolloServer({ schema: buildSubgraphSchema([{ typeDefs: gql(typeDefs), resolvers }]) }),
  {
    listen: { host: '127.0.0.1', port: 0 },
    context: async ({ req }) => contextOf(await viewerOf(req.headers.authorization)),
  },
)
process.send({ url })

function contextOf(viewer) {
  const byId = (rows, ids) => {
    const found = new Map(rows.map((row) => [row.id, row]))
    return ids.map((id) => found.get(id))
  }
  return {
    viewer,
    user: new DataLoader(async (ids) =>
      byId(await users.find({ where: { id: In(ids) }, relations: { classOfService: true } }), ids),
    ),
    pair: new DataLoader(async (ids) => {
      const rows = await pairs.find({ where: { watcherId: viewer, presentityId: In(ids) } })
      const found = new Map(rows.map((row) => [row.presentityId, row]))
      return ids.map((id) => found.get(id))
    }),
    classOfService: new DataLoader(async (ids) => byId(await classes.find({ where: { id: In(ids) } }), ids)),
    site: new DataLoader(async (ids) => byId(await sites.find({ where: { id: In(ids) } }), ids)),
  }
}

async function look(id, { viewer, user, pair, classOfService, site }) {
  const [watcher, presentity, ofPair, settings] = await Promise.all([
    user.load(viewer),
    user.load(id),
    pair.load(id),
    site.load(1),
  ])
  return seenBy(viewer, id, {
    now: Date.now(),
    watcherClass: watcher?.classOfService ?? (await classOfService.load(1)),
    site: settings,
    user: presentity,
    userClass: presentity?.classOfService,
    pair: ofPair,
  })
}
