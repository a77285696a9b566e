import { ApolloGateway, RemoteGraphQLDataSource, type GraphQLDataSourceProcessOptions } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled'
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify'
import Fastify from 'fastify'
import type { Gateway } from './hive-gateway.js'

type Context = { authorization?: string | undefined }

/**
 * @apollo/gateway in this process, on loopback: queries and mutations over HTTP; it carries no subscriptions.
 * docs/gateways.md shows the same settings; the two change together.
 */
export async function startApolloGateway({
  supergraph,
  apq = false,
}: {
  supergraph: string
  /** Whether it sends subgraphs the hash of a document first (automatic persisted queries). */
  apq?: boolean
}): Promise<Gateway> {
  const fastify = Fastify({ forceCloseConnections: true })
  const apollo = new ApolloServer<Context>({
    gateway: new ApolloGateway({
      supergraphSdl: supergraph,
      buildService: ({ url = '' }) => new ForwardsAuthorization({ url, apq }),
    }),
    plugins: [fastifyApolloDrainPlugin(fastify), ApolloServerPluginLandingPageDisabled()],
    stopOnTerminationSignals: false,
  })
  await apollo.start()
  await fastify.register(fastifyApollo(apollo), {
    path: '/graphql',
    context: ({ headers: { authorization } }) => Promise.resolve({ authorization }),
  })
  const address = await fastify.listen({ host: '127.0.0.1', port: 0 })
  return { url: `${address}/graphql`, stop: () => apollo.stop() }
}

class ForwardsAuthorization extends RemoteGraphQLDataSource<Context> {
  override willSendRequest({ request, context }: GraphQLDataSourceProcessOptions<Context>): void {
    if (context.authorization !== undefined) request.http?.headers.set('authorization', context.authorization)
  }
}
