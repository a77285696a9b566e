import { GraphQLError, Kind, print, type GraphQLFormattedError, type VariableDefinitionNode } from 'graphql'
import { Misconfigured, Unavailable, UserErased } from '../application/ports.ts'
import { SlowConsumer } from '../live/presence-event.ts'
import { codedError, misconfigured, slowConsumer, unavailable, userErased } from './errors.ts'

/** Long enough for every message of ours; messages of graphql-js quote the document, which may hold a megabyte in one token. */
const MAX_MESSAGE_LENGTH = 300

export type ErrorView = {
  /** Whether messages may suggest names of the schema that the client did not use: as secret as introspection is. */
  readonly suggestions: boolean
  /** Goes with errors that only the log explains. */
  readonly requestId?: string | undefined
}

/** What a client is told of an error: a code that stays the same and a message, never what went wrong inside. */
export function formatError(error: unknown, { suggestions, requestId }: ErrorView): GraphQLFormattedError {
  const { locations, path } = error instanceof GraphQLError ? error.toJSON() : {}
  const { message, extensions } = presentable(error)
  const { code, ...more } = extensions
  return {
    message: cut(suggestions ? message : message.replace(/ ?Did you mean .*$/s, '')),
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: {
      code,
      ...withoutTrace(more),
      ...(code === 'INTERNAL_SERVER_ERROR' && requestId !== undefined && { requestId }),
    },
  }
}

/** The fault of ours that a client was told nothing about, for the log; undefined if the client was told all. */
export function unexpectedCause(error: unknown): unknown {
  const cause = rootOf(error)
  if (cause instanceof Unavailable || cause instanceof Misconfigured) return cause
  return presentable(error).extensions['code'] === 'INTERNAL_SERVER_ERROR' ? cause : undefined
}

function presentable(error: unknown): GraphQLError {
  const root = rootOf(error)
  if (root instanceof Unavailable) return unavailable()
  if (root instanceof Misconfigured) return misconfigured()
  if (root instanceof UserErased) return userErased()
  if (root instanceof SlowConsumer) return slowConsumer()
  if (!(root instanceof GraphQLError)) return unknown()
  const code = root.extensions['code'] ?? (error as GraphQLError).extensions['code']
  const aboutVariable =
    code === 'GRAPHQL_VALIDATION_FAILED' ? undefined : chainOf(error).find(isAboutVariable)
  if (aboutVariable !== undefined) return badVariable(aboutVariable)
  if (typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR') {
    return new GraphQLError(root.message, { extensions: { ...root.extensions, code } })
  }
  // What graphql-js itself finds wrong with an argument points at its place in the document; a resolver's fault does not.
  return root.nodes === undefined || root.path !== undefined
    ? unknown()
    : new GraphQLError(root.message, { extensions: { code: 'BAD_USER_INPUT' } })
}

/** GraphQL wraps what a resolver throws, and Apollo Server wraps that. The innermost comes last. */
function chainOf(error: unknown): readonly unknown[] {
  const chain = [error]
  for (let inner = error; inner instanceof GraphQLError && inner.originalError !== undefined;) {
    inner = inner.originalError
    chain.push(inner)
  }
  return chain
}

function rootOf(error: unknown): unknown {
  return chainOf(error).at(-1)
}

function unknown(): GraphQLError {
  return codedError('INTERNAL_SERVER_ERROR', 'Something went wrong.')
}

type VariableError = GraphQLError & { readonly nodes: readonly [VariableDefinitionNode] }

function isAboutVariable(error: unknown): error is VariableError {
  return error instanceof GraphQLError && error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION
}

/** graphql-js quotes the value, which may be an id of somebody, or very long. The client knows what it sent, and learns where. */
function badVariable({ message, nodes: [{ variable, type }] }: VariableError): GraphQLError {
  const [, place] = / at "(\w[\w.[\]]{0,100})"; /.exec(message) ?? []
  return codedError(
    'BAD_USER_INPUT',
    `The value of the variable "$${variable.name.value}" does not fit its type "${print(type)}"${place === undefined ? '' : `, at "${place}"`}.`,
  )
}

function withoutTrace({
  stacktrace: _,
  http: __,
  ...extensions
}: Record<string, unknown>): Record<string, unknown> {
  return extensions
}

function cut(message: string): string {
  return message.length <= MAX_MESSAGE_LENGTH ? message : `${message.slice(0, MAX_MESSAGE_LENGTH)}…`
}
