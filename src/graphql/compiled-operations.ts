import {
  BREAK,
  getOperationAST,
  Kind,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
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
/** A contact list takes some 500, a router's largest fetch 2,000. Compiling the largest document there may be takes a second. */
const MOST_CHARACTERS = 5000
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
  const byDocument = new WeakMap<DocumentNode, Map<string | null, Known>>()

  const knownOf = ({ document, operationName }: AdmittedOperation): Known => {
    let ofDocument = byDocument.get(document)
    if (ofDocument === undefined) byDocument.set(document, (ofDocument = new Map<string | null, Known>()))
    let known = ofDocument.get(operationName)
    if (known === undefined) ofDocument.set(operationName, (known = { uses: 0, run: null }))
    return known
  }

  return (operation) => {
    const known = knownOf(operation)
    known.uses += 1
    if (known.uses === USES_BEFORE + 1 && isCompilable(operation)) known.run = compile(schema, operation)
    return known.run
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

function isCompilable({ document, operationName }: AdmittedOperation): boolean {
  const operation = getOperationAST(document, operationName)
  if (operation?.operation !== OperationTypeNode.QUERY) return false
  if ((document.loc?.end ?? Infinity) > MOST_CHARACTERS) return false
  return (
    !holdsWhatIsTakenOtherwise(document) &&
    operation.selectionSet.selections.every(
      (selection) => selection.kind === Kind.FIELD && READING_FIELDS.includes(selection.name.value),
    )
  )
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
