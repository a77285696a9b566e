import fc from 'fast-check'
import {
  getNamedType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'

const DEEPEST = 4
const MOST_FIELDS = 5
const VARIABLES = [
  ['$representations', '[_Any!]!'],
  ['$first', 'Int! = 3'],
] as const

/** Queries as frontends and routers may write them, of fields that only read. Their variables are `$representations` and `$first`. */
export function arbitraryQueries(schema: GraphQLSchema): fc.Arbitrary<string> {
  const query = schema.getQueryType()?.getFields() ?? {}

  const field = (of: GraphQLField<unknown, unknown>, depth: number): fc.Arbitrary<string> | undefined => {
    const args = of.args
      .filter((argument) => isRequiredArgument(argument) || argument.name === 'first')
      .map(({ name }) => name)
    if (args.some((name) => name !== 'first' && name !== 'representations')) return undefined
    const inside = selections(getNamedType(of.type), depth + 1)
    if (inside === null) return undefined
    return fc
      .record({
        alias: fc.constantFrom('', '', '', '', `${of.name}Again: `),
        first: fc.constantFrom('1', '2', '500', '0', '$first'),
        selected: inside ?? fc.constant(''),
      })
      .map(({ alias, first, selected }) => {
        const given = args.map((name) => `${name}: ${name === 'first' ? first : '$representations'}`)
        return `${alias}${of.name}${given.length > 0 ? `(${given.join(', ')})` : ''}${selected}`
      })
  }

  /** Undefined for what has no fields, and null for what is too deep. */
  const selections = (type: GraphQLNamedType, depth: number): fc.Arbitrary<string> | undefined | null => {
    if (isUnionType(type)) {
      const [inner] = type.getTypes()
      const inside = inner === undefined ? null : selections(inner, depth)
      return (
        inside &&
        fc
          .tuple(fc.boolean(), inside)
          .map(([named, of]) =>
            named ? `{__typename ...on ${inner!.name}${of}}` : `{...on ${inner!.name}${of}}`,
          )
      )
    }
    if (!isObjectType(type)) return undefined
    if (depth > DEEPEST) return null
    const fields = Object.values(type.getFields()).flatMap((each) => field(each, depth) ?? [])
    return fc
      .array(fc.oneof(fc.constant('__typename'), ...fields), { minLength: 1, maxLength: MOST_FIELDS })
      .chain((chosen) =>
        fc.constantFrom(`{${chosen.join(' ')}}`, `{...on ${type.name}{${chosen.join(' ')}}}`),
      )
  }

  const roots = ['_entities', 'presencePrivacy'].map((name) => field(query[name]!, 0)!)
  return fc
    .array(fc.oneof(...roots, fc.constant('__typename')), { minLength: 1, maxLength: 3 })
    .map((chosen) => chosen.join(' '))
    .map((selected) => {
      const used = VARIABLES.filter(([name]) => selected.includes(name))
      const variables = used.map(([name, type]) => `${name}: ${type}`).join(', ')
      return `query Q${used.length > 0 ? `(${variables})` : ''} {${selected}}`
    })
}
