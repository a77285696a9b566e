import type { ExecutionResult, FormattedExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql'
import { formatError, unexpectedCause } from '../graphql/format-error.ts'
import type { Logger } from './log.ts'
import type { OperationCounts, Transport } from './operation-counts.ts'

export type ResultScope = {
  readonly requestId: string
  readonly log: Logger
  /** As `formatError` takes it. */
  readonly suggestions: boolean
  readonly transport: Transport
  readonly counts: OperationCounts
}

/** A result as clients get it. */
export function presentResult(
  { data, errors }: ExecutionResult,
  scope: ResultScope,
): FormattedExecutionResult {
  return {
    ...(data !== undefined && { data }),
    ...(errors !== undefined && { errors: presentErrors(errors, scope) }),
  }
}

/** Errors in the form that clients get. The log has the rest, under the request id that the client gets. */
export function presentErrors(
  errors: readonly GraphQLError[],
  { requestId, log, suggestions, transport, counts }: ResultScope,
): readonly GraphQLFormattedError[] {
  return errors.map((error) => {
    const cause = unexpectedCause(error)
    if (cause !== undefined) log.error({ err: cause }, 'operation failed')
    const shown = formatError(error, { suggestions, requestId })
    counts.told(transport, String(shown.extensions?.['code']))
    return shown
  })
}
