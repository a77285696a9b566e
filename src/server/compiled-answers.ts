import type { FastifyReply, FastifyRequest } from 'fastify'
import { OperationTypeNode, type DocumentNode, type GraphQLSchema } from 'graphql'
import { compiledOperations } from '../graphql/compiled-operations.ts'
import { contextForAnotherTry, type GraphQLContext } from '../graphql/context.ts'
import { acceptedMedia } from './accepted-media.ts'
import type { OperationCounts } from './operation-counts.ts'
import type { OperationParameters } from './operation-parameters.ts'

type Admitted = OperationParameters & { readonly document: DocumentNode }

/**
 * Answers ahead of Apollo Server what gateways send all day: queries whose code is there, which end without an error. Such an answer is
 * the same to the byte. All others are Apollo Server's, whatever they come to: here there is no rule about errors and statuses.
 */
export type CompiledAnswers = {
  /** Resolves to nothing if the answer is left to Apollo Server. */
  readonly answer: (
    operation: Admitted,
    request: FastifyRequest,
    reply: FastifyReply,
  ) => Promise<FastifyReply | undefined>
  /** For Apollo Server's turn: with what has been read already. */
  readonly contextOf: (request: FastifyRequest) => Promise<GraphQLContext>
}

export function compiledAnswers(
  schema: GraphQLSchema,
  counts: OperationCounts,
  newContext: (request: FastifyRequest) => Promise<GraphQLContext>,
): CompiledAnswers {
  const codeOf = compiledOperations(schema)
  const tried = new WeakMap<FastifyRequest, GraphQLContext>()

  return {
    async answer(operation, request, reply) {
      const run = codeOf(operation)
      if (run === null || !isAllOf(request.body, operation)) return undefined
      const { answerType } = acceptedMedia(request.headers.accept)
      if (answerType === undefined) return undefined
      const context = await newContext(request)
      const { data, errors } = await run(context, operation.variables)
      if (errors !== undefined) {
        tried.set(request, context)
        return undefined
      }
      counts.began('http', OperationTypeNode.QUERY)
      return reply.type(answerType).send(`${JSON.stringify({ data })}\n`)
    },
    async contextOf(request) {
      const context = tried.get(request)
      return context === undefined ? newContext(request) : contextForAnotherTry(context)
    },
  }
}

/** Whether the body says nothing but this: what is of a wrong type, or names a document by its hash, Apollo Server refuses. */
function isAllOf(body: unknown, { operationName, variables }: OperationParameters): boolean {
  const said = body as Record<'operationName' | 'variables' | 'extensions', unknown>
  return (
    (said.operationName ?? null) === operationName &&
    (said.variables ?? null) === variables &&
    said.extensions === undefined
  )
}
