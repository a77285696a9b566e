import { execute, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql'
import { compiledOperations } from './compiled-operations.ts'
import { contextForAnotherTry, type GraphQLContext } from './context.ts'

/** An operation of a document that the gate has admitted. */
export type ExecutableOperation = {
  readonly document: DocumentNode
  readonly operationName: string | null
  readonly variables: Record<string, unknown> | null
}

/** Executes a query or a mutation. */
export type Execute = (
  operation: ExecutableOperation,
  context: GraphQLContext,
) => ExecutionResult | Promise<ExecutionResult>

/**
 * Queries that come again and again run as compiled code, as long as there is nothing wrong. What has ended in an error is executed once
 * more by graphql-js, so that all errors, and what is left of an answer with errors, are its own.
 */
export function createExecutor(schema: GraphQLSchema): Execute {
  const compiled = compiledOperations(schema)

  return (operation, context) => {
    const interpret = (contextValue: GraphQLContext) => {
      const { document, operationName, variables: variableValues } = operation
      return execute({ schema, document, operationName, variableValues, contextValue })
    }
    const run = compiled(operation)
    if (run === null) return interpret(context)
    const orInterpret = (result: ExecutionResult) =>
      result.errors === undefined ? result : interpret(contextForAnotherTry(context))
    const result = run(context, operation.variables)
    return result instanceof Promise ? result.then(orInterpret) : orInterpret(result)
  }
}
