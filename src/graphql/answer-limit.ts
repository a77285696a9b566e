import {
  defaultFieldResolver,
  getNamedType,
  getNullableType,
  isCompositeType,
  isIntrospectionType,
  isListType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql'
import { inParts } from './answer-in-parts.ts'
import type { GraphQLContext } from './context.ts'
import { codedError } from './errors.ts'
import { FIELDS_IN_ONE, USUAL_FIELDS } from './weights.ts'

/**
 * An answer of 1,000 entities with 30 fields that each are promises keeps an instance busy for some 250 ms. A view of 500 users that shows
 * everything of them takes a tenth of that.
 */
const MAX_VALUES = 30_000
/** An answer with more values is completed in parts. Compiled code cannot do that. */
const AT_ONCE = 15_000
/**
 * Every operation whose lists may hold more values weighs more than this. Entries with the usual number of fields weigh least for each of
 * their values.
 */
export const WEIGHT_AT_ONCE = (AT_ONCE * (1 + USUAL_FIELDS / FIELDS_IN_ONE)) / USUAL_FIELDS

type Fields = GraphQLResolveInfo['fieldNodes']
type Fragments = GraphQLResolveInfo['fragments']

/**
 * Limits what the lists of one answer hold together. An entry has as many values as fields are selected of it. A list that exceeds the limit
 * is refused before any field of its entries is read.
 */
export function withAnswerLimit(schema: GraphQLSchema): GraphQLSchema {
  const selected = new WeakMap<Fields, number>()
  const selectedBy = (fields: Fields, fragments: Fragments): number => {
    const known = selected.get(fields)
    if (known !== undefined) return known
    const count = fields.reduce((sum, { selectionSet }) => sum + fieldsOf(selectionSet, fragments), 0)
    selected.set(fields, count)
    return count
  }

  const admit = (
    list: unknown,
    context: GraphQLContext,
    { fieldNodes, fragments, operation }: GraphQLResolveInfo,
  ) => {
    if (!Array.isArray(list)) return list
    const selected = selectedBy(fieldNodes, fragments)
    const values = context.countValues(list.length * selected)
    // Streams that are executed together share the entries of an event.
    const isStream = operation.operation === OperationTypeNode.SUBSCRIPTION
    if (values > MAX_VALUES) {
      throw codedError(
        'ANSWER_TOO_LARGE',
        `The lists of one answer hold at most ${String(MAX_VALUES)} values. Ask for fewer entries or fields at once.`,
      )
    }
    return values > AT_ONCE && !isStream
      ? inParts(context, { list, valuesOfEach: selected })
      : (list as unknown)
  }

  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isIntrospectionType(type)) continue
    for (const field of Object.values(type.getFields())) {
      if (!isListType(getNullableType(field.type)) || !isCompositeType(getNamedType(field.type))) continue
      const resolve: GraphQLFieldResolver<unknown, GraphQLContext> = field.resolve ?? defaultFieldResolver
      field.resolve = (source, args, context: GraphQLContext, info) => {
        const list = resolve(source, args, context, info)
        return list instanceof Promise
          ? list.then((found: unknown) => admit(found, context, info))
          : admit(list, context, info)
      }
    }
  }
  return schema
}

/** Counts fields with fragments written out. Fields of a list within the list count again for that list. */
function fieldsOf(selectionSet: SelectionSetNode | undefined, fragments: Fragments): number {
  return (selectionSet?.selections ?? []).reduce((sum, selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD)
      return sum + fieldsOf(fragments[selection.name.value]?.selectionSet, fragments)
    const own = selection.kind === Kind.FIELD ? 1 : 0
    return sum + own + fieldsOf(selection.selectionSet, fragments)
  }, 0)
}
