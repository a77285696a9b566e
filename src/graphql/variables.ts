import {
  getNullableType,
  getOperationAST,
  GraphQLError,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  typeFromAST,
  Kind,
  type DocumentNode,
  type GraphQLInputFieldMap,
  type GraphQLInputType,
  type GraphQLSchema,
  type VariableDefinitionNode,
} from 'graphql'
import { codedError, tooManyRepresentations } from './errors.ts'

/** The longest list that any field takes has 500 entries; its field says so in its own words. */
const MAX_LISTED = 10_000

type Values = Readonly<Record<string, unknown>>

/** Where a value does not fit its type, as a path within it: the empty one is the value itself. */
type Misfit = string | GraphQLError

/**
 * Looks at the variables of an operation before they are coerced, and stops at the first that does not fit. graphql-js goes on, and quotes
 * the value in each error; compiled code goes on for every entry of a list: 200,000 nulls took it 6.5 s. Whatever is admitted here is coerced
 * without an error, but for what scalars of this schema find wrong with a text.
 */
export function faultOfVariables(
  schema: GraphQLSchema,
  { maxRepresentations }: { readonly maxRepresentations: number },
): (operation: {
  readonly document: DocumentNode
  readonly operationName: string | null
  readonly variables: Values | null
}) => GraphQLError | undefined {
  const types = new WeakMap<VariableDefinitionNode, GraphQLInputType>()
  const typeOf = (definition: VariableDefinitionNode): GraphQLInputType => {
    const known = types.get(definition)
    if (known !== undefined) return known
    const type = typeFromAST(schema, definition.type) as GraphQLInputType
    types.set(definition, type)
    return type
  }

  const misfitOf = (value: unknown, type: GraphQLInputType): Misfit | undefined => {
    if (value === null) return isNonNullType(type) ? '' : undefined
    const nullable = getNullableType(type)
    if (isListType(nullable)) return misfitInList(value, nullable.ofType)
    if (isInputObjectType(nullable)) return misfitInObject(value, nullable.getFields())
    const fits = isEnumType(nullable)
      ? typeof value === 'string' && nullable.getValue(value) !== undefined
      : fitsScalar(value, nullable.name)
    return fits ? undefined : ''
  }

  const misfitInList = (value: unknown, type: GraphQLInputType): Misfit | undefined => {
    if (!Array.isArray(value)) return misfitOf(value, type)
    if (isRepresentation(type) && value.length > maxRepresentations)
      return tooManyRepresentations(value.length, maxRepresentations)
    if (value.length > MAX_LISTED) return tooLong()
    for (let index = 0; index < value.length; index += 1) {
      const misfit = misfitOf(value[index], type)
      if (misfit !== undefined) return within(`[${String(index)}]`, misfit)
    }
    return undefined
  }

  const misfitInObject = (value: unknown, fields: GraphQLInputFieldMap): Misfit | undefined => {
    if (typeof value !== 'object' || Array.isArray(value)) return ''
    const given = value as Values
    for (const name in given) if (fields[name] === undefined) return ''
    for (const field of Object.values(fields)) {
      const part = given[field.name]
      if (part === undefined) {
        if (isRequiredInputField(field)) return ''
        continue
      }
      const misfit = misfitOf(part, field.type)
      if (misfit !== undefined) return within(`.${field.name}`, misfit)
    }
    return undefined
  }

  return ({ document, operationName, variables }) => {
    for (const definition of getOperationAST(document, operationName)?.variableDefinitions ?? []) {
      const misfit = misfitOfVariable(definition, variables ?? {})
      if (misfit instanceof GraphQLError) return misfit
      if (misfit !== undefined) return unfit(definition, misfit)
    }
    return undefined
  }

  function misfitOfVariable(definition: VariableDefinitionNode, variables: Values): Misfit | undefined {
    const name = definition.variable.name.value
    if (Object.hasOwn(variables, name)) return misfitOf(variables[name], typeOf(definition))
    return definition.type.kind === Kind.NON_NULL_TYPE && definition.defaultValue === undefined
      ? ''
      : undefined
  }
}

function within(place: string, misfit: Misfit): Misfit {
  return typeof misfit === 'string' ? place + misfit : misfit
}

/** In the words of graphql-js, by which clients are told of it in ours. */
function unfit(definition: VariableDefinitionNode, place: string): GraphQLError {
  const name = definition.variable.name.value
  const at = place === '' ? '' : ` at "${name}${place}"`
  return new GraphQLError(`Variable "$${name}" got an invalid value${at}; it does not fit.`, {
    nodes: definition,
    extensions: { code: 'BAD_USER_INPUT' },
  })
}

function tooLong(): GraphQLError {
  return codedError('BAD_USER_INPUT', `A list among the variables has at most ${String(MAX_LISTED)} entries.`)
}

function isRepresentation(type: GraphQLInputType): boolean {
  const nullable = getNullableType(type)
  return 'name' in nullable && nullable.name === '_Any'
}

/** As GraphQL has it, but for numbers as ids. Other scalars are this schema's own: they parse texts. */
function fitsScalar(value: unknown, scalar: string): boolean {
  switch (scalar) {
    case 'ID':
      // JSON has rounded what is beyond: it would be the id of another user.
      return typeof value === 'string' || Number.isSafeInteger(value)
    case 'String':
      return typeof value === 'string'
    case 'Boolean':
      return typeof value === 'boolean'
    case 'Int':
      return Number.isInteger(value) && (value as number) === ((value as number) | 0)
    case 'Float':
      return Number.isFinite(value)
    default:
      return true
  }
}
