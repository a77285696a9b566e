import {
  getOperationAST,
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  type DocumentNode,
  type SelectionSetNode,
} from 'graphql'

/** Introspection as GraphiQL sends it has 2,000 characters and 250 tokens. */
const MAX_CHARACTERS = 16_384
const MAX_TOKENS = 500
/** Of braces, brackets and parentheses. The parser recurses; introspection nests 13 levels deep. */
const MAX_DEPTH = 32

/** What the schema says of itself: routers and tools read it before anybody has signed in. */
const PUBLIC_FIELDS = ['__typename', '_service', '__schema', '__type']

/**
 * The document of an operation that selects only what is public, by whoever sent it; undefined for any other, and for one beyond the
 * limits that hold before identity is verified. Throws what the parser finds wrong.
 */
export function parsePublicOperation(source: string, operationName: string | null): DocumentNode | undefined {
  if (source.length > MAX_CHARACTERS || nestsDeeperThan(MAX_DEPTH, source)) return undefined
  const document = parseWithin(MAX_TOKENS, source)
  return document !== undefined && isPublic(document, operationName) ? document : undefined
}

/** Of brackets in texts and comments, too: what has that many of them is nothing that is public. */
function nestsDeeperThan(maxDepth: number, source: string): boolean {
  let depth = 0
  for (const character of source) {
    if ('{[('.includes(character)) depth += 1
    else if ('}])'.includes(character)) depth -= 1
    if (depth > maxDepth) return true
  }
  return false
}

/** Undefined for a document of more tokens. */
function parseWithin(maxTokens: number, source: string): DocumentNode | undefined {
  try {
    return parse(source, { maxTokens })
  } catch (error) {
    if (error instanceof GraphQLError && error.message.includes('Parsing aborted')) return undefined
    throw error
  }
}

function isPublic(document: DocumentNode, operationName: string | null): boolean {
  const operation = getOperationAST(document, operationName)
  if (operation?.operation !== OperationTypeNode.QUERY) return false
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition.selectionSet]] : [],
    ),
  )
  const entered = new Set<SelectionSetNode>()

  const selectsPublicOnly = (selectionSet: SelectionSetNode): boolean => {
    if (entered.has(selectionSet)) return true
    entered.add(selectionSet)
    return selectionSet.selections.every((selection) => {
      if (selection.kind === Kind.FIELD) return PUBLIC_FIELDS.includes(selection.name.value)
      if (selection.kind === Kind.INLINE_FRAGMENT) return selectsPublicOnly(selection.selectionSet)
      const fragment = fragments.get(selection.name.value)
      return fragment === undefined || selectsPublicOnly(fragment)
    })
  }
  return selectsPublicOnly(operation.selectionSet)
}
