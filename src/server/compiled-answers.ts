import { OperationTypeNode, type GraphQLSchema } from 'graphql'
import { WEIGHT_AT_ONCE } from '../graphql/answer-limit.ts'
import { compiledOperations } from '../graphql/compiled-operations.ts'
import type { GraphQLContext } from '../graphql/context.ts'
import { acceptedMedia } from './accepted-media.ts'
import type { OperationCounts } from './operation-counts.ts'
import type { AdmittedOperation } from './operation-pipeline.ts'

export type CompiledAnswer = { readonly mediaType: string; readonly text: string }

/**
 * Answers ahead of Apollo Server what gateways send all day: queries whose code is there, which end without an error. Such an answer is
 * the same to the byte. All others are Apollo Server's, whatever they come to: here there is no rule about errors and statuses.
 */
export type CompiledAnswers = {
  /** Resolves to nothing if the answer is left to Apollo Server. The context keeps what it has read by then. */
  readonly answer: (
    operation: AdmittedOperation,
    { context, accept }: { readonly context: GraphQLContext; readonly accept: string | undefined },
  ) => Promise<CompiledAnswer | undefined>
}

export function compiledAnswers(schema: GraphQLSchema, counts: OperationCounts): CompiledAnswers {
  const codeOf = compiledOperations(schema)

  return {
    async answer(operation, { context, accept }) {
      const run = operation.isShared && operation.weight <= WEIGHT_AT_ONCE ? codeOf(operation) : null
      if (run === null) return undefined
      const { answerType } = acceptedMedia(accept)
      if (answerType === undefined) return undefined
      const { data, errors } = await run(context, operation.variables)
      if (errors !== undefined) return undefined
      counts.began('http', OperationTypeNode.QUERY)
      return { mediaType: answerType, text: `${JSON.stringify({ data })}\n` }
    },
  }
}
