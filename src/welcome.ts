/** What a developer reads when the service is up. */
export function welcome({ url, graphiql }: { readonly url: string; readonly graphiql: boolean }): string {
  return `
  Presence privacy is served at ${url}
  (GraphQL over HTTP, and over WebSocket at ${url.replace(/^http/, 'ws')})

  Try next:
    npm run -s token -- alice    a token for the user "alice"; send it as "Authorization: Bearer <token>"
    npm run -s watch -- alice bob    how Bob is shown to Alice, as it changes
${graphiql ? `    open ${url}    GraphiQL: paste {"Authorization": "Bearer <token>"} under Headers\n` : ''}    Ctrl-C    stops it
`
}
