import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql'
import { operationLimits } from './operation-limits.ts'

/** A router's largest plan for this schema has some 1500; validation takes milliseconds below this, and grows with its square. */
const MAX_TOKENS = 5000
/** Frontends and routers repeat few documents; one of the largest takes some 2 MB as a tree. */
const REMEMBERED_DOCUMENTS = 500
const REMEMBERED_CHARACTERS = 2_000_000

/** What a document must pass before it is executed, over whichever transport it came. */
export type Gate = {
  readonly parseOptions: { readonly maxTokens: number }
  /** Beside those of the GraphQL specification. */
  readonly rules: readonly ValidationRule[]
  /** Parses and validates. The errors carry the same codes as Apollo Server's. */
  readonly admit: (source: string) => DocumentNode | { readonly errors: readonly GraphQLError[] }
}

export function createGate(
  schema: GraphQLSchema,
  { introspection }: { readonly introspection: boolean },
): Gate {
  const parseOptions = { maxTokens: MAX_TOKENS }
  const rules = introspection ? [operationLimits] : [operationLimits, NoSchemaIntrospectionCustomRule]
  const remembered = rememberDocuments()

  return {
    parseOptions,
    rules,
    admit(source) {
      const known = remembered.find(source)
      if (known !== undefined) return known
      let document: DocumentNode
      try {
        document = parse(source, parseOptions)
      } catch (error) {
        return { errors: [coded('GRAPHQL_PARSE_FAILED', error as GraphQLError)] }
      }
      const errors = validate(schema, document, [...specifiedRules, ...rules])
      if (errors.length > 0)
        return { errors: errors.map((error) => coded('GRAPHQL_VALIDATION_FAILED', error)) }
      remembered.add(source, document)
      return document
    },
  }
}

function coded(code: string, error: GraphQLError): GraphQLError {
  const { message, nodes, source, positions } = error
  return new GraphQLError(message, {
    nodes: nodes ?? null,
    source: source ?? null,
    positions: positions ?? null,
    extensions: { code },
  })
}

/** The documents that were admitted last, the least recently used of which go first. */
function rememberDocuments() {
  const documents = new Map<string, DocumentNode>()
  let characters = 0
  return {
    find(source: string): DocumentNode | undefined {
      const document = documents.get(source)
      if (document === undefined) return undefined
      documents.delete(source)
      documents.set(source, document)
      return document
    },
    add(source: string, document: DocumentNode): void {
      documents.set(source, document)
      characters += source.length
      for (const [oldest] of documents) {
        if (documents.size <= REMEMBERED_DOCUMENTS && characters <= REMEMBERED_CHARACTERS) return
        documents.delete(oldest)
        characters -= oldest.length
      }
    },
  }
}
