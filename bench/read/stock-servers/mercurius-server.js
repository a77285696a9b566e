/** mercurius with its compiler of queries and its loaders, on Fastify. */
import { mercuriusFederationPlugin } from '@mercuriusjs/federation'
import fastify from 'fastify'
import { listening, viewerOf } from '../built.js'
import { typeDefs } from './schema.js'
import { looks } from './tables.js'

const app = fastify()
await app.register(mercuriusFederationPlugin, {
  schema: typeDefs,
  resolvers: { User: { __resolveReference: ({ id }) => ({ id }) } },
  loaders: {
    User: {
      presence: async (queries, { see }) => (await seen(queries, see)).map(({ presence }) => presence),
      presenceAccess: async (queries, { see }) => (await seen(queries, see)).map(({ access }) => access),
    },
  },
  context: async ({ headers }) => ({ see: looks(await viewerOf(headers.authorization)) }),
  jit: 1,
})
await app.listen({ host: '127.0.0.1', port: 0 })
listening(app.server)

function seen(queries, see) {
  return see.loadMany(queries.map(({ obj }) => obj.id))
}
