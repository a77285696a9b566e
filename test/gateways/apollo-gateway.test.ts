import { describe, expect, test } from 'vitest'
import { startApolloGateway } from './apollo-gateway.ts'
import { composeByApollo } from './compose.ts'
import { claimBehind } from './gateway-claims.ts'

describe('behind @apollo/gateway', () => {
  claimBehind(
    (services) => startApolloGateway({ supergraph: composeByApollo(services).supergraph }),
    (graph) => {
      test('the popup cannot be subscribed to, which is why the list can be polled', async () => {
        const alice = await graph().as('alice')
        const { data, errors } = await alice.post('subscription { incomingPresenceRequests { change } }')
        expect(data).toBeNull()
        expect(errors).toHaveLength(1)
      })
    },
  )
})

describe('behind @apollo/gateway that sends hashes of documents first', () => {
  claimBehind((services) =>
    startApolloGateway({ supergraph: composeByApollo(services).supergraph, apq: true }),
  )
})
