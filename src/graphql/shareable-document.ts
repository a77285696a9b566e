import {
  BREAK,
  getNamedType,
  isEnumType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql'

const LITERALS: readonly string[] = [
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
] satisfies Kind[]
const SPEAKS_OF_NOBODY = ['Int', 'Float', 'Boolean']

/**
 * Whether what is kept of a document may serve all users. Where a literal stands for an id, a text or a time, a document speaks of somebody:
 * whoever sent the same again would learn from the time it takes whether another user has. A document that the gate has validated.
 */
export function isShareable(schema: GraphQLSchema, document: DocumentNode): boolean {
  const types = new TypeInfo(schema)
  let isSo = true
  const enter = ({ kind }: ASTNode) => {
    if (!LITERALS.includes(kind) || speaksOfNobody(types.getInputType())) return undefined
    isSo = false
    return BREAK
  }
  visit(document, visitWithTypeInfo(types, { enter }))
  return isSo
}

/** Of a literal within one of a scalar of its own, such as a representation, no type is known. */
function speaksOfNobody(type: ReturnType<TypeInfo['getInputType']>): boolean {
  const named = type === null || type === undefined ? undefined : getNamedType(type)
  return named !== undefined && (isEnumType(named) || SPEAKS_OF_NOBODY.includes(named.name))
}
