/** What a developer reads when the service is up. Commands that need the generated key would refuse beside another one. */
export function welcome({
  url,
  graphiql,
  generatedKey,
}: {
  readonly url: string
  readonly graphiql: boolean
  readonly generatedKey: boolean
}): string {
  const next = [
    ...(generatedKey
      ? [
          'npm run -s token -- alice    a token for the user "alice"; send it as "Authorization: Bearer <token>"',
          'npm run -s watch -- alice bob    how Bob is shown to Alice, as it changes',
        ]
      : ['Send a token of your issuer as "Authorization: Bearer <token>".']),
    ...(graphiql ? [`open ${url}    GraphiQL: paste {"Authorization": "Bearer <token>"} under Headers`] : []),
    'Ctrl-C    stops it',
  ]
  return `
  Presence privacy is served at ${url}
  (GraphQL over HTTP, and over WebSocket at ${url.replace(/^http/, 'ws')})

  Try next:
${next.map((line) => `    ${line}\n`).join('')}`
}
