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

/** Compiling takes milliseconds, which ever new documents must not cost. */
const USES_BEFORE = 3
/**
 * Of fields, with fragments written out: compiling takes up to 0.05 ms for each, while nothing else is done. A contact list has some 20, a
 * router's largest fetch 200.
 */
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
  type Known = { uses: number; run: CompiledOperation | null }
  const known = new WeakMap<OperationDefinitionNode, Known>()

  return (operation) => {
    // One of two in a document has code of its own, and a name that none of them has finds nothing and leaves nothing.
    const definition = getOperationAST(operation.document, operation.operationName)
    if (definition?.operation !== OperationTypeNode.QUERY) return null
    let code = known.get(definition)
    if (code === undefined) known.set(definition, (code = { uses: 0, run: null }))
    code.uses += 1
    if (code.uses === USES_BEFORE + 1 && isCompilable(definition, operation.document))
      code.run = compile(schema, operation)
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

function isCompilable({ selectionSet }: OperationDefinitionNode, document: DocumentNode): boolean {
  return (
    !holdsWhatIsTakenOtherwise(document) &&
    selectionSet.selections.every(
      (selection) => selection.kind === Kind.FIELD && READING_FIELDS.includes(selection.name.value),
    ) &&
    hasAtMost(MAX_COMPILED_FIELDS, selectionSet, document)
  )
}

/** Whether a selection has at most so many fields, with fragments written out. */
function hasAtMost(most: number, selectionSet: SelectionSetNode, { definitions }: DocumentNode): boolean {
  let left = most
  const fragments = new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition.selectionSet]] : [],
    ),
  )
  const count = ({ selections }: SelectionSetNode): boolean =>
    selections.every((selection) => {
      if (selection.kind === Kind.FIELD) left -= 1
      const inside =
        selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection.selectionSet
      return left >= 0 && (inside === undefined || count(inside))
    })
  return count(selectionSet)
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
