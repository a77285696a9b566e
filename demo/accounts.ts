/** A stand-in for the subgraph of a real graph that owns users: ids and names, and nothing about presence. */
import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled'
import { buildSubgraphSchema } from '@apollo/subgraph'
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify'
import Fastify from 'fastify'
import { parse } from 'graphql'

export type Account = { readonly id: string; readonly name: string }

const ACCOUNTS: readonly Account[] = [
  { id: 'alice', name: 'Alice Abel' },
  { id: 'bob', name: 'Bob Brandt' },
  { id: 'carol', name: 'Carol Costa' },
  { id: 'dave', name: 'Dave Dietz' },
  { id: 'erin', name: 'Erin Egger' },
  { id: 'frank', name: 'Frank Falk' },
  { id: 'grace', name: 'Grace Gomez' },
  { id: 'heidi', name: 'Heidi Huber' },
]

export const ACCOUNTS_SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])

  type User @key(fields: "id") {
    id: ID!
    "What people call the user."
    name: String!
  }

  type Query {
    "One user; null when there is none with this id."
    user(id: ID!): User
    "Those of the users that exist, in the order asked for."
    users(ids: [ID!]!): [User!]!
    "Users whose name or id contains the text, whatever its case."
    searchUsers(text: String!): [User!]!
  }
`

export type Accounts = { readonly url: string; stop(): Promise<void> }

/** Serves the accounts on loopback; port 0 is any free one. */
export async function startAccounts({ port = 0 }: { port?: number } = {}): Promise<Accounts> {
  const fastify = Fastify({ forceCloseConnections: true })
  const apollo = new ApolloServer({
    schema: buildSubgraphSchema([{ typeDefs: parse(ACCOUNTS_SDL), resolvers }]),
    plugins: [
      fastifyApolloDrainPlugin(fastify),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
    ],
    stopOnTerminationSignals: false,
  })
  await apollo.start()
  await fastify.register(fastifyApollo(apollo), { path: '/graphql' })
  const address = await fastify.listen({ host: '127.0.0.1', port })
  return { url: `${address}/graphql`, stop: () => apollo.stop() }
}

const byId = new Map(ACCOUNTS.map((account) => [account.id, account]))

const resolvers = {
  User: {
    __resolveReference: ({ id }: { id: string }) => byId.get(id) ?? null,
  },
  Query: {
    user: (_: unknown, { id }: { id: string }) => byId.get(id) ?? null,
    users: (_: unknown, { ids }: { ids: string[] }) =>
      ids.map((id) => byId.get(id)).filter((account) => account !== undefined),
    searchUsers: (_: unknown, { text }: { text: string }) =>
      ACCOUNTS.filter(({ id, name }) => `${id} ${name}`.toLowerCase().includes(text.toLowerCase())),
  },
}
