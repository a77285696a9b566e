export type GraphQLQuestion = {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
  /** Sent as bearer token; left out, nobody is asking. */
  readonly token?: string
}

export type GraphQLAnswer<Data> = {
  readonly status: number
  /** The body as it came, for claims about bytes. */
  readonly text: string
  readonly data: Data | null
  readonly errors: readonly GraphQLFault[]
}

export type GraphQLFault = {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: { readonly code?: string; readonly [more: string]: unknown }
}

/** One operation over plain HTTP, as any client sends it. */
export async function postGraphQL<Data = Record<string, unknown>>(
  url: string,
  { query, variables = {}, token }: GraphQLQuestion,
): Promise<GraphQLAnswer<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
  })
  const text = await response.text()
  const body = bodyIn(text)
  return {
    status: response.status,
    text,
    data: (body.data ?? null) as Data | null,
    errors: body.errors ?? [],
  }
}

/** The same where nothing may be wrong: the data, or an error that quotes the answer. */
export async function askGraphQL<Data = Record<string, unknown>>(
  url: string,
  question: GraphQLQuestion,
): Promise<Data> {
  const { data, errors, status, text } = await postGraphQL<Data>(url, question)
  if (data === null || errors.length > 0) throw new Error(`${status} from ${url}: ${text}`)
  return data
}

function bodyIn(text: string): { data?: unknown; errors?: GraphQLFault[] } {
  try {
    return JSON.parse(text) as { data?: unknown; errors?: GraphQLFault[] }
  } catch {
    return {}
  }
}
