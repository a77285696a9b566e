import { execute, getIntrospectionQuery, parse, type GraphQLSchema } from 'graphql'
import type { Gate } from './gate.ts'

const ROUNDS = 3

/**
 * The first introspection of a process takes some 60 ms in one turn of the event loop, later ones take 10. Whoever sends it needs no token, so it is done
 * before anybody is let in.
 */
export async function warmUp(schema: GraphQLSchema, gate: Gate): Promise<void> {
  const query = getIntrospectionQuery()
  for (let round = 0; round < ROUNDS; round++) {
    gate.admitPublic({ query, operationName: null })
    await execute({ schema, document: parse(query) })
  }
}
