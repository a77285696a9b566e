/** The operation that a client sends, in the words of GraphQL over HTTP. */
export type OperationParameters = {
  readonly query: string
  readonly operationName: string | null
  readonly variables: Record<string, unknown> | null
}

/** Routers name the parts of a plan after the client's operation, and number them. */
const MAX_NAME = 512

/** A request names its document by a hash alone (automatic persisted queries). */
export const HASH_ALONE = Symbol('hash alone')

/** The operation in a JSON body; undefined if the body holds none, or one of its members is of a wrong type or has too long a name. */
export function operationInBody(body: unknown): OperationParameters | typeof HASH_ALONE | undefined {
  if (!isRecord(body)) return undefined
  const { query, operationName = null, variables = null, extensions = null } = body
  if (operationName !== null && !(typeof operationName === 'string' && operationName.length <= MAX_NAME))
    return undefined
  if (variables !== null && !isRecord(variables)) return undefined
  if (extensions !== null && !isRecord(extensions)) return undefined
  if (isMissing(query)) return isHash(extensions) ? HASH_ALONE : undefined
  return typeof query === 'string' ? { query, operationName, variables } : undefined
}

/**
 * The operation in the search of an address, where `variables` and `extensions` are JSON; undefined if it cannot be read, or holds a
 * parameter twice.
 */
export function operationInAddress(
  search: unknown,
  parseJson: (text: string) => unknown,
): OperationParameters | typeof HASH_ALONE | undefined {
  if (!isRecord(search)) return undefined
  const { query, operationName, variables = 'null', extensions = 'null' } = search
  if (typeof variables !== 'string' || typeof extensions !== 'string') return undefined
  try {
    return operationInBody({
      query,
      operationName,
      variables: parseJson(variables),
      extensions: parseJson(extensions),
    })
  } catch {
    return undefined
  }
}

function isMissing(query: unknown): boolean {
  return query === undefined || query === null || query === ''
}

/** The version and the hash itself are not looked at: no document is kept under one. */
function isHash(extensions: unknown): boolean {
  return isRecord(extensions) && isRecord(extensions['persistedQuery'])
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
