import { GraphQLError, Kind } from 'graphql'
import type { ASTVisitor, FragmentDefinitionNode, SelectionSetNode, ValidationContext } from 'graphql'

/** Introspection as GraphiQL sends it is 13 deep; nothing that the schema offers is deeper than 8. */
const MAX_DEPTH = 16
/** Each root field costs statements of its own. Routers put the parts of a plan into one operation, 50 of them and more. */
const MAX_ROOT_FIELDS = 64
/** With fragments written out: a few of them, spread into each other, stand for millions of fields. */
const MAX_FIELDS = 2000

type Size = { readonly depth: number; readonly fields: number; readonly rootFields: number }

const NOTHING: Size = { depth: 0, fields: 0, rootFields: 0 }

/** A validation rule: an operation that costs more to execute than any that this schema has a use for is refused. */
export function operationLimits(context: ValidationContext): ASTVisitor {
  const sizes = new Map<FragmentDefinitionNode, Size>()

  const sizeOf = (selections: SelectionSetNode): Size =>
    selections.selections.map(sizeOfSelection).reduce(both, NOTHING)

  const sizeOfSelection = (selection: SelectionSetNode['selections'][number]): Size => {
    switch (selection.kind) {
      case Kind.FIELD: {
        const below = selection.selectionSet === undefined ? NOTHING : sizeOf(selection.selectionSet)
        return { depth: below.depth + 1, fields: below.fields + 1, rootFields: 1 }
      }
      case Kind.INLINE_FRAGMENT:
        return sizeOf(selection.selectionSet)
      case Kind.FRAGMENT_SPREAD: {
        const fragment = context.getFragment(selection.name.value)
        return fragment ? sizeOfFragment(fragment) : NOTHING
      }
    }
  }

  const sizeOfFragment = (fragment: FragmentDefinitionNode): Size => {
    const known = sizes.get(fragment)
    if (known !== undefined) return known
    // What a fragment spreads of itself counts as nothing; another rule refuses such cycles.
    sizes.set(fragment, NOTHING)
    const size = sizeOf(fragment.selectionSet)
    sizes.set(fragment, size)
    return size
  }

  return {
    OperationDefinition(operation) {
      const { depth, fields, rootFields } = sizeOf(operation.selectionSet)
      const refuse = (what: string, most: number) => {
        context.reportError(
          new GraphQLError(`The operation has ${what}; at most ${String(most)} are served.`, {
            nodes: operation,
          }),
        )
      }
      if (depth > MAX_DEPTH) refuse('too many levels', MAX_DEPTH)
      if (rootFields > MAX_ROOT_FIELDS) refuse('too many root fields', MAX_ROOT_FIELDS)
      if (fields > MAX_FIELDS) refuse('too many fields', MAX_FIELDS)
    },
  }
}

function both(one: Size, other: Size): Size {
  return {
    depth: Math.max(one.depth, other.depth),
    fields: one.fields + other.fields,
    rootFields: one.rootFields + other.rootFields,
  }
}
