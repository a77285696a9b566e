import type { FastifyReply, FastifyRequest } from 'fastify'
import { OperationTypeNode, type DocumentNode, type GraphQLSchema } from 'graphql'
import Negotiator from 'negotiator'
import { compiledOperations } from '../graphql/compiled-operations.ts'
import { contextForAnotherTry } from '../graphql/context.ts'
import type { HttpContext } from './apollo.ts'
import type { OperationParameters } from './operation-parameters.ts'

/** As Apollo Server names them, and in its order: the first for whoever takes either. */
const MEDIA_TYPES = [
  'application/json; charset=utf-8',
  'application/graphql-response+json; charset=utf-8',
] as const

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
  readonly contextOf: (request: FastifyRequest) => Promise<HttpContext>
}

export function compiledAnswers(
  schema: GraphQLSchema,
  newContext: (request: FastifyRequest) => Promise<HttpContext>,
): CompiledAnswers {
  const codeOf = compiledOperations(schema)
  const tried = new WeakMap<FastifyRequest, HttpContext>()

  return {
    async answer(operation, request, reply) {
      const run = codeOf(operation)
      if (run === null || !isAllOf(request.body, operation)) return undefined
      const mediaType = new Negotiator(request.raw).mediaType([...MEDIA_TYPES])
      if (mediaType === undefined) return undefined
      const context = await newContext(request)
      const { data, errors } = await run(context, operation.variables)
      if (errors !== undefined) {
        tried.set(request, context)
        return undefined
      }
      context.scope.counts.began('http', OperationTypeNode.QUERY)
      return reply.type(mediaType).send(`${JSON.stringify({ data })}\n`)
    },
    async contextOf(request) {
      const context = tried.get(request)
      if (context === undefined) return newContext(request)
      return { ...contextForAnotherTry(context), scope: context.scope }
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
