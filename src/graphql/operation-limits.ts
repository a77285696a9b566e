import { GraphQLError, Kind } from 'graphql'
import type { ASTNode, ASTVisitor, SelectionSetNode, ValidationContext } from 'graphql'

/** Introspection as GraphiQL sends it is 13 deep; nothing that the schema offers is deeper than 8. */
const MAX_DEPTH = 16
/** Each root field costs statements of its own. Routers put the parts of a plan into one operation, 50 of them and more. */
const MAX_ROOT_FIELDS = 64
/** With fragments written out: a few of them, spread into each other, stand for millions of fields. */
const MAX_SELECTIONS = 3000
/**
 * Of one field at one place, as when several fragments name it. The specification has each compared with each: 800 of them took
 * a second, 30 in every place that there is room for take a fraction of that.
 */
const MAX_REPETITIONS = 30

/**
 * A validation rule: what costs more than any use of this schema could is refused. It has to pass before the rules of the
 * specification are looked at, because those are what such a document makes expensive.
 */
export function operationLimits(context: ValidationContext): ASTVisitor {
  let selections = 0

  /** Walks all that a definition selects; ends with a refusal as soon as there is one. */
  const refusalOf = (definition: SelectionSetNode): string | undefined => {
    const repetitions = new Map<string, number>()
    let rootFields = 0

    const walk = (
      { selections: inside }: SelectionSetNode,
      place: string,
      depth: number,
    ): string | undefined => {
      for (const selection of inside) {
        selections += 1
        if (selections > MAX_SELECTIONS)
          return `more than ${MAX_SELECTIONS} fields, with fragments written out`
        const refusal = walkInto(selection, place, depth)
        if (refusal !== undefined) return refusal
      }
      return undefined
    }

    const walkInto = (selection: SelectionSetNode['selections'][number], place: string, depth: number) => {
      if (selection.kind === Kind.INLINE_FRAGMENT) return walk(selection.selectionSet, place, depth)
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = context.getFragment(selection.name.value)
        return fragment ? walk(fragment.selectionSet, place, depth) : undefined
      }
      if (depth === 0) rootFields += 1
      if (rootFields > MAX_ROOT_FIELDS) return `more than ${MAX_ROOT_FIELDS} fields at its root`
      if (depth === MAX_DEPTH) return `more than ${MAX_DEPTH} levels`
      const inner = `${place}.${(selection.alias ?? selection.name).value}`
      const times = (repetitions.get(inner) ?? 0) + 1
      if (times > MAX_REPETITIONS) return `a field more than ${MAX_REPETITIONS} times at the same place`
      repetitions.set(inner, times)
      return selection.selectionSet && walk(selection.selectionSet, inner, depth + 1)
    }

    return walk(definition, '', 0)
  }

  const check = (definition: ASTNode & { readonly selectionSet: SelectionSetNode }): false => {
    const refusal = refusalOf(definition.selectionSet)
    if (refusal !== undefined) {
      context.reportError(new GraphQLError(`This document has ${refusal}.`, { nodes: definition }))
    }
    return false
  }

  return { OperationDefinition: check, FragmentDefinition: check }
}
