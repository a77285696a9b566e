import { HeaderMap, type ApolloServer } from '@apollo/server'
import type { HttpContext } from './apollo.ts'

/** What Apollo Server answers to an operation that it need not check any more. */
export async function askApollo(
  apollo: ApolloServer<HttpContext>,
  {
    body,
    accept,
    context,
  }: { readonly body: object; readonly accept: string | undefined; readonly context: HttpContext },
): Promise<{ readonly status: number; readonly headers: Record<string, string>; readonly text: string }> {
  const headers = new HeaderMap([['content-type', 'application/json']])
  if (accept !== undefined) headers.set('accept', accept)
  const answer = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: 'POST', headers, search: '', body },
    context: () => Promise.resolve(context),
  })
  if (answer.body.kind !== 'complete') throw new Error('an answer in parts went unnoticed')
  return {
    status: answer.status ?? 200,
    headers: Object.fromEntries(answer.headers),
    text: answer.body.string,
  }
}
