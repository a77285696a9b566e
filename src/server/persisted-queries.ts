import { GraphQLError } from 'graphql'
import type { RefusedOperation } from './operation-pipeline.ts'

/**
 * What a request with a hash alone is told, always: the client sends the text then. No document is kept under its hash, because a store
 * that all users share would tell one of them what another has sent. Message and code are those that gateways look for.
 */
export function persistedQueryNotFound(): RefusedOperation {
  const extensions = { code: 'PERSISTED_QUERY_NOT_FOUND' }
  return { errors: [new GraphQLError('PersistedQueryNotFound', { extensions })], data: null }
}
