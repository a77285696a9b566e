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
import { parsePublicOperation } from './public-operation.ts'
import { isShareable } from './shareable-document.ts'
import { unconditionalSubscription } from './subscription-root.ts'

/** A router's largest plan for this schema has some 1500; validation takes milliseconds below this, and grows with its square. */
const MAX_TOKENS = 5000
/** Comments and block strings are no tokens, or one: a megabyte of them takes 50 ms to read. 5,000 tokens have some 50,000 characters. */
const MAX_CHARACTERS = 100_000
/** Whoever has more to mend sees the rest next time. */
const MAX_ERRORS = 10
/** Frontends and routers repeat few documents; one of the largest takes some 2 MB as a tree. */
const REMEMBERED_DOCUMENTS = 500
const REMEMBERED_CHARACTERS = 2_000_000
/** Before those of the specification, which they keep cheap. */
const FIRST_RULES = [operationLimits, unconditionalSubscription]

/** What a document must pass before it is executed, over whichever transport it came. */
export type Gate = {
  readonly parseOptions: { readonly maxTokens: number }
  /** Beside those of the GraphQL specification. */
  readonly rules: readonly ValidationRule[]
  /** A document that was admitted before, if it is still remembered. */
  readonly remembered: (source: string) => DocumentNode | undefined
  /** Parses and validates; what takes long to validate is refused before. The errors carry the same codes as Apollo Server's. */
  readonly admit: (source: string) => DocumentNode | Faults
  /** The same for an operation that selects only what is public; undefined for any other. Nothing of it is remembered. */
  readonly admitPublic: (operation: {
    readonly query: string
    readonly operationName: string | null
  }) => DocumentNode | Faults | undefined
  /** Whether the document is remembered, for all users: of any other, nothing may be kept beyond its execution. */
  readonly isShared: (document: DocumentNode) => boolean
}

type Faults = { readonly errors: readonly GraphQLError[] }

export function createGate(
  schema: GraphQLSchema,
  { introspection }: { readonly introspection: boolean },
): Gate {
  const parseOptions = { maxTokens: MAX_TOKENS }
  const ownRules = introspection ? [] : [NoSchemaIntrospectionCustomRule]
  const remembered = rememberDocuments()

  const faultsOf = (document: DocumentNode): readonly GraphQLError[] => {
    const beyondLimits = validate(schema, document, FIRST_RULES, { maxErrors: MAX_ERRORS })
    return beyondLimits.length > 0
      ? beyondLimits
      : validate(schema, document, [...specifiedRules, ...ownRules], { maxErrors: MAX_ERRORS })
  }

  const validated = (document: DocumentNode): DocumentNode | Faults => {
    const faults = orTooComplicated(() => faultsOf(document))
    const errors = 'errors' in faults ? faults.errors : faults
    return errors.length > 0 ? { errors: errors.map(coded('GRAPHQL_VALIDATION_FAILED')) } : document
  }

  return {
    parseOptions,
    rules: [...FIRST_RULES, ...ownRules],
    remembered: (source) => remembered.find(source),
    admit(source) {
      const known = remembered.find(source)
      if (known !== undefined) return known
      if (source.length > MAX_CHARACTERS) return { errors: [tooLong()].map(coded('GRAPHQL_PARSE_FAILED')) }
      const document = orTooComplicated(() => parse(source, parseOptions))
      if ('errors' in document) return { errors: document.errors.map(coded('GRAPHQL_PARSE_FAILED')) }
      const admitted = validated(document)
      if (!('errors' in admitted) && isShareable(schema, admitted)) remembered.add(source, admitted)
      return admitted
    },
    isShared: remembered.has,
    admitPublic({ query, operationName }) {
      const document = orTooComplicated(() => parsePublicOperation(query, operationName))
      if (document === undefined) return undefined
      if ('errors' in document) return { errors: document.errors.map(coded('GRAPHQL_PARSE_FAILED')) }
      return validated(document)
    },
  }
}

function tooLong(): GraphQLError {
  return new GraphQLError(
    `A document has at most ${String(MAX_CHARACTERS)} characters. Send values as variables.`,
  )
}

/** graphql-js recurses: what nests thousands of levels deep exhausts the stack. */
function orTooComplicated<Result extends object | undefined>(
  work: () => Result,
): Result | { readonly errors: readonly [GraphQLError] } {
  try {
    return work()
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] }
    if (error instanceof RangeError) return { errors: [new GraphQLError('The document nests too deep.')] }
    throw error
  }
}

function coded(code: string): (error: GraphQLError) => GraphQLError {
  return ({ message, nodes = null, source = null, positions = null }) =>
    new GraphQLError(message, { nodes, source, positions, extensions: { code } })
}

/** The documents that were admitted last, the least recently used of which go first. */
function rememberDocuments() {
  const documents = new Map<string, DocumentNode>()
  const shared = new WeakSet<DocumentNode>()
  let characters = 0
  return {
    has: (document: DocumentNode): boolean => shared.has(document),
    find(source: string): DocumentNode | undefined {
      const document = documents.get(source)
      if (document === undefined) return undefined
      documents.delete(source)
      documents.set(source, document)
      return document
    },
    add(source: string, document: DocumentNode): void {
      documents.set(source, document)
      shared.add(document)
      characters += source.length
      for (const [oldest] of documents) {
        if (documents.size <= REMEMBERED_DOCUMENTS && characters <= REMEMBERED_CHARACTERS) return
        documents.delete(oldest)
        characters -= oldest.length
      }
    },
  }
}
