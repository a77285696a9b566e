import { GraphQLError } from 'graphql'

/** The error with which a stream has failed, in the form that results carry. */
export function asGraphQLError(error: unknown): GraphQLError {
  const originalError = asError(error)
  return new GraphQLError(originalError.message, { originalError })
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the stream failed', { cause: error })
}
