import { setImmediate as nextTurn } from 'node:timers/promises'
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
import type { GraphQLContext } from './context.ts'
import { codedError } from './errors.ts'

/**
 * 1000 entities of 30 fields that are each waited for keep an instance busy for some 250 ms. A view of 500 users of whom everything is shown
 * takes a tenth.
 */
const MAX_VALUES = 30_000
/** A list of more is completed a part after the other, so that others are served in between. Compiled code takes none. */
const AT_ONCE = 15_000
const IN_PART = 3000
/** Any operation weighs more that holds such a list: a thousand entities of fifteen fields, or a page of 500 of thirty. */
export const WEIGHT_AT_ONCE = 5000

type Fields = GraphQLResolveInfo['fieldNodes']
type Fragments = GraphQLResolveInfo['fragments']

/**
 * Limits what the lists of one answer hold together: each entry counts as often as there are fields selected of it. A list beyond
 * that is refused before anything of its entries is read.
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
    // Events are shared by what is executed at once.
    const isStream = operation.operation === OperationTypeNode.SUBSCRIPTION
    if (list.length * selected > AT_ONCE && values <= MAX_VALUES && !isStream)
      return inParts(list, Math.ceil(IN_PART / selected))
    if (values <= MAX_VALUES) return list as unknown
    throw codedError(
      'ANSWER_TOO_LARGE',
      `The lists of one answer hold at most ${String(MAX_VALUES)} values. Ask for fewer entries or fields at once.`,
    )
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

/** Hands out so many entries in each turn of the event loop. */
function inParts(list: readonly unknown[], size: number): readonly unknown[] {
  const turns: Promise<void>[] = [Promise.resolve()]
  return list.map((entry, place) => {
    const part = Math.floor(place / size)
    const turn = (turns[part] ??= turns[part - 1]?.then(() => nextTurn()) ?? nextTurn())
    return turn.then(() => entry)
  })
}

/** With fragments written out; what stands in lists within the list is counted there once more. */
function fieldsOf(selectionSet: SelectionSetNode | undefined, fragments: Fragments): number {
  return (selectionSet?.selections ?? []).reduce((sum, selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD)
      return sum + fieldsOf(fragments[selection.name.value]?.selectionSet, fragments)
    const own = selection.kind === Kind.FIELD ? 1 : 0
    return sum + own + fieldsOf(selection.selectionSet, fragments)
  }, 0)
}
