import {
  BREAK,
  getOperationAST,
  Kind,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { compileQuery, isCompiledQuery } from 'graphql-jit'
import type { GraphQLContext } from './context.ts'

/** An operation of a document that the gate has admitted. */
type AdmittedOperation = { readonly document: DocumentNode; readonly operationName: string | null }

/** What it answers with is of use only if there is no error in it. */
export type CompiledOperation = (
  context: GraphQLContext,
  variables: Record<string, unknown> | null,
) => ExecutionResult | Promise<ExecutionResult>

/** A document that comes fewer times is not compiled. */
const LEAST_USES = 3
/**
 * Compiling takes up to 0.1 ms for each field, and no caller is charged for it: a weight that told whether a document has been compiled would
 * tell that another user has sent it. Every use weighs at least as much as this many fields take to compile, so that the uses before have
 * paid for it.
 */
const FIELDS_PAID_BY_USE = 5
/** Fields with fragments written out; nothing else is done while they are compiled. A contact list has some 20, a router's largest fetch 200. */
const MAX_COMPILED_FIELDS = 300
/** What these lead to only reads: executed twice, it changes and records nothing. */
const READING_FIELDS = ['_entities', 'presencePrivacy', '__typename']

/**
 * Finds the code of an operation; null for one that is not compiled. The gate remembers no more documents than there may be, and with a
 * document its code is forgotten.
 */
export function compiledOperations(
  schema: GraphQLSchema,
): (operation: AdmittedOperation) => CompiledOperation | null {
  type Known = { usesLeft: number; run: CompiledOperation | null }
  const known = new WeakMap<OperationDefinitionNode, Known>()

  return (operation) => {
    // One of two in a document has code of its own, and a name that none of them has finds nothing and leaves nothing.
    const definition = getOperationAST(operation.document, operation.operationName)
    if (definition?.operation !== OperationTypeNode.QUERY) return null
    let code = known.get(definition)
    if (code === undefined)
      known.set(definition, (code = { usesLeft: usesBefore(definition, operation.document), run: null }))
    if (code.usesLeft === 0) code.run = compile(schema, operation)
    code.usesLeft -= 1
    return code.run
  }
}

function compile(
  schema: GraphQLSchema,
  { document, operationName }: AdmittedOperation,
): CompiledOperation | null {
  const compiled = compileQuery(schema, document, operationName ?? '', {
    disablingCapturingStackErrors: true,
  })
  if (!isCompiledQuery(compiled)) return null
  return (context, variables) => compiled.query(undefined, context, variables)
}

/** How often an operation is used before it is compiled: infinitely often if it never is. */
function usesBefore({ selectionSet }: OperationDefinitionNode, document: DocumentNode): number {
  const isCompilable =
    !holdsWhatIsTakenOtherwise(document) &&
    selectionSet.selections.every(
      (selection) => selection.kind === Kind.FIELD && READING_FIELDS.includes(selection.name.value),
    )
  if (!isCompilable) return Infinity
  const fields = fieldsIn(selectionSet, document)
  return fields > MAX_COMPILED_FIELDS
    ? Infinity
    : Math.max(LEAST_USES, Math.ceil(fields / FIELDS_PAID_BY_USE))
}

/** With fragments written out. Ends counting where there are more than are ever compiled. */
function fieldsIn(selectionSet: SelectionSetNode, { definitions }: DocumentNode): number {
  let fields = 0
  const fragments = new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition.selectionSet]] : [],
    ),
  )
  const count = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) fields += 1
      if (fields > MAX_COMPILED_FIELDS) return
      const inside =
        selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection.selectionSet
      if (inside !== undefined) count(inside)
    }
  }
  count(selectionSet)
  return fields
}

/** Directives decide by variables what is selected, an object literal has no key `__proto__`, and no text of a client's becomes code. */
function holdsWhatIsTakenOtherwise(document: DocumentNode): boolean {
  let found = false
  const stop = () => {
    found = true
    return BREAK
  }
  visit(document, {
    Directive: stop,
    StringValue: stop,
    Name: ({ value }) => (value === '__proto__' ? stop() : undefined),
  })
  return found
}
