/** graphql-yoga with DataLoader, on node's own HTTP server. */
import { createServer } from 'node:http'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { gql } from 'graphql-tag'
import { createYoga } from 'graphql-yoga'
import { listening, viewerOf } from '../built.js'
import { typeDefs } from './schema.js'
import { looks } from './tables.js'

const yoga = createYoga({
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
  context: async ({ request }) => ({ see: looks(await viewerOf(request.headers.get('authorization'))) }),
  logging: false,
  graphiql: false,
  landingPage: false,
})
const server = createServer(yoga)
server.listen(0, '127.0.0.1', () => listening(server))
