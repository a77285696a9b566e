import { execute, getIntrospectionQuery, parse, type GraphQLSchema } from 'graphql'
import type { Gate } from './gate.ts'

const ROUNDS = 3

/**
 * The first introspection of a process takes some 60 ms in one turn of the event loop, and later ones take 10 ms. A client needs no token for
 * it where introspection is on, so the server runs it before it listens. Where introspection is off, no client can run it.
 */
export async function warmUp(
  schema: GraphQLSchema,
  { gate, introspection }: { readonly gate: Gate; readonly introspection: boolean },
): Promise<void> {
  if (!introspection) return
  const query = getIntrospectionQuery()
  for (let round = 0; round < ROUNDS; round++) {
    gate.admitPublic({ query, operationName: null })
    await execute({ schema, document: parse(query) })
  }
}
