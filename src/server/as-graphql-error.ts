import { GraphQLError } from 'graphql'

/** What a stream has failed with, as results carry it. */
export function asGraphQLError(error: unknown): GraphQLError {
  const originalError = asError(error)
  return new GraphQLError(originalError.message, { originalError })
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the stream failed', { cause: error })
}
