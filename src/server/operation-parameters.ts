/** What a client asks to be executed, as GraphQL over HTTP names it. */
export type OperationParameters = {
  readonly query: string
  readonly operationName: string | null
  readonly variables: Record<string, unknown> | null
}

/** Of a JSON body, or what is wrong with it. */
export function operationInBody(body: unknown): OperationParameters | { readonly fault: string } {
  if (!isRecord(body)) return { fault: 'The body is one operation, as a JSON object.' }
  const { query, operationName = null, variables = null, extensions = null } = body
  if (typeof query !== 'string' || query === '') return { fault: 'The body has no "query".' }
  if (typeof operationName !== 'string' && operationName !== null)
    return { fault: '"operationName" is a string.' }
  if (!isRecord(variables) && variables !== null) return { fault: '"variables" is an object.' }
  if (!isRecord(extensions) && extensions !== null) return { fault: '"extensions" is an object.' }
  return { query, operationName, variables }
}

/** Whether a JSON body holds the hash of a document, as clients send it that hope the document is known. */
export function isHashOnly(body: unknown): boolean {
  return (
    isRecord(body) &&
    body['query'] === undefined &&
    isRecord(body['extensions']) &&
    body['extensions']['persistedQuery'] !== undefined
  )
}

/** Of the search of an address, where `variables` is JSON; undefined if it cannot be read, or holds something twice. */
export function operationInAddress(search: unknown): OperationParameters | undefined {
  if (!isRecord(search)) return undefined
  const { query, operationName = null, variables = 'null' } = search
  if (typeof query !== 'string' || query === '') return undefined
  if (typeof operationName !== 'string' && operationName !== null) return undefined
  const read = typeof variables === 'string' ? jsonIn(variables) : undefined
  return read === null || isRecord(read) ? { query, operationName, variables: read } : undefined
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
