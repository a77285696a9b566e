/** What a client asks to be executed, as GraphQL over HTTP names it. */
export type OperationParameters = {
  readonly query: string
  readonly operationName: string | null
  readonly variables: Record<string, unknown> | null
}

/** Of a JSON body; undefined if it holds no query. What is of a wrong type counts as left out, as Apollo Server reads it. */
export function operationInBody(body: unknown): OperationParameters | undefined {
  if (!isRecord(body)) return undefined
  const { query, operationName, variables } = body
  if (typeof query !== 'string' || query === '') return undefined
  return {
    query,
    operationName: typeof operationName === 'string' ? operationName : null,
    variables: isRecord(variables) ? variables : null,
  }
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
