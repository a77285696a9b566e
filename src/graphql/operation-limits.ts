import {
  getNamedType,
  GraphQLError,
  isIntrospectionType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from 'graphql'
import type {
  ASTVisitor,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLNamedType,
  GraphQLSchema,
  InlineFragmentNode,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
  ValidationContext,
} from 'graphql'

/** Introspection as GraphiQL sends it is 13 deep; nothing that the schema offers is deeper than 8. */
const MAX_DEPTH = 16
/** Each root field costs statements of its own. Routers put the parts of a plan into one operation, 50 of them and more. */
const MAX_ROOT_FIELDS = 64
/** Each page costs a statement of its own. The schema offers fewer than ten lists, and no view shows all of them. */
const MAX_PAGES = 20
/** The SDL has more than 20 KB, and nobody needs a token to read it: asked for thousands of times at once, it fills the memory. */
const ONCE = ['_service', 'sdl']
/** With fragments written out: a few of them, spread into each other, stand for millions of fields. */
const MAX_SELECTIONS = 3000
/**
 * Of one field at one place, as when several fragments name it. The specification has each compared with each: 800 of them took
 * a second, 30 in every place that there is room for take a fraction of that.
 */
const MAX_REPETITIONS = 30
/** Each is compared with each that stands beside it. Routers that make fragments of what repeats make a few dozen. */
const MAX_FRAGMENTS = 100
/** What introspection answers with, as far as it can be guessed: as GraphiQL sends it 22,000, which takes 10 ms. */
const MAX_INTROSPECTED = 30_000
/** How many there are of what these fields of introspection list, about; of types there are as many as the schema has. */
const LISTED: Readonly<Record<string, number>> = {
  directives: 10,
  fields: 4,
  args: 1,
  inputFields: 1,
  interfaces: 1,
  enumValues: 1,
  possibleTypes: 1,
  ofType: 0.4,
}

type Definition = OperationDefinitionNode | FragmentDefinitionNode
type Type = GraphQLNamedType | undefined
type Place = {
  readonly path: string
  readonly depth: number
  readonly type: Type
  /** How often it is in the answer, of introspection. */
  readonly times: number
}

/**
 * A validation rule: what costs more than any use of this schema could is refused. It has to pass before the rules of the
 * specification are looked at, because those are what such a document makes expensive.
 */
export function operationLimits(context: ValidationContext): ASTVisitor {
  const schema = context.getSchema()
  let selections = 0

  /** Walks all that a definition selects; ends with a refusal as soon as there is one. */
  const refusalOf = (definition: Definition): string | undefined => {
    const repetitions = new Map<string, number>()
    const once = new Set<string>()
    let rootFields = 0
    let pages = 0
    let introspected = 0

    const listedBy = (type: Type, field: string): number => {
      if (type === undefined || !isIntrospectionType(type)) return 1
      return field === 'types' ? Object.keys(schema.getTypeMap()).length : (LISTED[field] ?? 1)
    }

    const walk = ({ selections: inside }: SelectionSetNode, within: Place): string | undefined => {
      for (const selection of inside) {
        selections += 1
        if (selections > MAX_SELECTIONS)
          return `more than ${MAX_SELECTIONS} fields, with fragments written out`
        const refusal = walkInto(selection, within)
        if (refusal !== undefined) return refusal
      }
      return undefined
    }

    const walkInto = (selection: SelectionNode, within: Place) => {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        return walk(selection.selectionSet, { ...within, type: typeOn(schema, selection) ?? within.type })
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = context.getFragment(selection.name.value)
        if (!fragment) return undefined
        return walk(fragment.selectionSet, { ...within, type: typeOn(schema, fragment) })
      }
      const name = selection.name.value
      const field = fieldOf(within.type, selection)
      if (within.depth === 0) rootFields += 1
      if (rootFields > MAX_ROOT_FIELDS) return `more than ${MAX_ROOT_FIELDS} fields at its root`
      if (within.depth === MAX_DEPTH) return `more than ${MAX_DEPTH} levels`
      if (once.has(name)) return `${name} more than once`
      if (ONCE.includes(name)) once.add(name)
      if (field?.args.some((argument) => argument.name === 'first')) pages += 1
      if (pages > MAX_PAGES) return `more than ${MAX_PAGES} pages of lists`
      if (within.type !== undefined && isIntrospectionType(within.type)) introspected += within.times
      if (introspected > MAX_INTROSPECTED) return 'more introspection than any tool asks for'
      const path = `${within.path}.${(selection.alias ?? selection.name).value}`
      const repeated = (repetitions.get(path) ?? 0) + 1
      if (repeated > MAX_REPETITIONS) return `a field more than ${MAX_REPETITIONS} times at the same place`
      repetitions.set(path, repeated)
      const type = field && getNamedType(field.type)
      const times = within.times * listedBy(within.type, name)
      return (
        selection.selectionSet && walk(selection.selectionSet, { path, type, depth: within.depth + 1, times })
      )
    }

    return walk(definition.selectionSet, { path: '', depth: 0, type: typeOf(schema, definition), times: 1 })
  }

  let fragments = 0
  const check = (definition: Definition): false => {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments += 1
    const refusal = fragments > MAX_FRAGMENTS ? `more than ${MAX_FRAGMENTS} fragments` : refusalOf(definition)
    if (refusal !== undefined) {
      context.reportError(new GraphQLError(`This document has ${refusal}.`, { nodes: definition }))
    }
    return false
  }

  return { OperationDefinition: check, FragmentDefinition: check }
}

function typeOf(schema: GraphQLSchema, definition: Definition): Type {
  return definition.kind === Kind.OPERATION_DEFINITION
    ? (schema.getRootType(definition.operation) ?? undefined)
    : typeOn(schema, definition)
}

function typeOn(schema: GraphQLSchema, { typeCondition }: Pick<InlineFragmentNode, 'typeCondition'>): Type {
  return typeCondition && schema.getType(typeCondition.name.value)
}

/** Whatever the schema does not have is refused by the rules that come after. */
function fieldOf(type: Type, { name }: FieldNode) {
  if (name.value === SchemaMetaFieldDef.name) return SchemaMetaFieldDef
  if (name.value === TypeMetaFieldDef.name) return TypeMetaFieldDef
  return isObjectType(type) ? type.getFields()[name.value] : undefined
}
