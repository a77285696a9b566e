import { GraphQLError } from 'graphql'
import type { IdentityFailure, Role } from '../identity/identity.ts'

/** Every code that this subgraph answers with, beside those of GraphQL itself. They are part of its API. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'IDENTITY_UNAVAILABLE'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'CLIENT_KEY_REUSED'
  | 'TOO_MANY_SESSIONS'
  | 'TOO_MANY_REPRESENTATIONS'
  | 'ANSWER_TOO_LARGE'
  | 'USER_ERASED'
  | 'TOO_MANY_REQUESTS'
  | 'OVERLOADED'
  | 'PRESENCE_UNAVAILABLE'
  | 'PRESENCE_MISCONFIGURED'
  | 'SLOW_CONSUMER'
  | 'INTERNAL_SERVER_ERROR'

export function codedError(
  code: ErrorCode,
  message: string,
  more: Record<string, unknown> = {},
): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...more } })
}

/** An argument that cannot be accepted. `field` is its path in the input. */
export function badInput(field: string, message: string): GraphQLError {
  return codedError('BAD_USER_INPUT', `${field}: ${message}`, { field })
}

/** Says which role it takes, and nothing of what it would have found. */
export function forbidden(role: Role): GraphQLError {
  return codedError('FORBIDDEN', `This takes a token with the role "${role}".`, { role })
}

export function tooManyRepresentations(asked: number, most: number): GraphQLError {
  return codedError(
    'TOO_MANY_REPRESENTATIONS',
    `At most ${String(most)} entities can be asked for in one operation; these are ${String(asked)}. Ask in several steps.`,
  )
}

/** The caller was erased; his token is worth nothing any more. */
export function userErased(): GraphQLError {
  return codedError('USER_ERASED', 'This user was erased. Nothing is stored of the user any more, or again.')
}

/** The stream is over, and whoever reads it may begin another. */
export function slowConsumer(): GraphQLError {
  return codedError(
    'SLOW_CONSUMER',
    'The stream was not read for 30 seconds. Subscribe again: the first event is a snapshot.',
  )
}

/** A key stands for one answer or report, so that a repeat of it can be told. */
export function clientKeyReused(what: 'answer' | 'report'): GraphQLError {
  return codedError(
    'CLIENT_KEY_REUSED',
    `Another ${what} was given under this clientKey. Make a new key for each ${what}. Nothing was applied.`,
    { field: 'clientKey' },
  )
}

/** Nothing of the operation was done or counted; whoever waits so long may send it again. */
export function notAdmitted({
  code,
  retryAfterSeconds,
}: {
  readonly code: 'TOO_MANY_REQUESTS' | 'OVERLOADED'
  readonly retryAfterSeconds: number
}): GraphQLError {
  const why =
    code === 'OVERLOADED'
      ? 'The server has more to do than it can.'
      : 'This caller has begun more than one caller may.'
  const after = `Nothing was done. Send this again after ${String(retryAfterSeconds)} s.`
  return codedError(code, `${why} ${after}`, { retryAfterSeconds })
}

export function unavailable(): GraphQLError {
  return codedError(
    'PRESENCE_UNAVAILABLE',
    'Presence cannot be read or changed at the moment. Try again soon.',
  )
}

export function misconfigured(): GraphQLError {
  return codedError(
    'PRESENCE_MISCONFIGURED',
    'This service is not set up as it has to be. Its operator finds the cause in the log; repeating the operation does not help until then.',
  )
}

const UNAUTHENTICATED_BECAUSE: Record<Exclude<IdentityFailure['reason'], 'keys-unavailable'>, string> = {
  missing: 'Send a bearer token in the Authorization header, or as "authorization" in connection_init.',
  malformed: 'What was sent is not one bearer token. Send "Bearer <token>".',
  expired: 'The token has expired. Send a fresh one.',
  rejected: 'The token is not accepted here: signature, issuer, audience or time do not fit.',
  'no-user': 'The token names no user.',
}

export function unauthenticated({ reason }: IdentityFailure): GraphQLError {
  if (reason === 'keys-unavailable') {
    return codedError('IDENTITY_UNAVAILABLE', 'Tokens cannot be verified at the moment. Try again soon.')
  }
  return codedError('UNAUTHENTICATED', UNAUTHENTICATED_BECAUSE[reason], { reason })
}
