import { GRAPHQL_PATH } from './graphql-path.ts'

/** Where the page finds what it loads. */
export const ASSETS_PATH = '/graphiql'

export const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Presence privacy</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${ASSETS_PATH}/style.css">
  </head>
  <body class="no-focus-outline" style="margin: 0; height: 100vh">
    <div id="root" style="height: 100%"></div>
    <script src="${ASSETS_PATH}/workers.js"></script>
    <script src="${ASSETS_PATH}/graphiql.js"></script>
    <script src="${ASSETS_PATH}/start.js"></script>
  </body>
</html>
`

/** Before GraphiQL's own script: where its editor finds its workers. */
export const workers = `
self.MonacoEnvironment = {
  getWorkerUrl: (_module, label) =>
    '${ASSETS_PATH}/' + ({ json: 'json-worker', graphql: 'graphql-worker' }[label] ?? 'editor-worker') + '.js',
}
`

/** Starts GraphiQL: queries and mutations by fetch, subscriptions over graphql-transport-ws, with the headers of its editor. */
export const start = `
const url = new URL('${GRAPHQL_PATH}', location.href)

YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
  title: 'Presence privacy',
  fetcher: (params, { headers = {}, documentAST } = {}) =>
    isSubscription(documentAST, params.operationName) ? subscribe(params, headers) : post(params, headers),
  headers: '{ "Authorization": "Bearer paste what npm run -s token -- alice prints" }',
  defaultQuery: [
    '# A token comes from: npm run -s token -- alice',
    '# Paste it under Headers, below.',
    'query Mine {',
    '  presencePrivacy {',
    '    user { id }',
    '    presence { status activity note }',
    '    incomingRequests { nodes { id requester { id } triggers } }',
    '  }',
    '}',
    '',
  ].join('\\n'),
})

function isSubscription(document, operationName) {
  const operations = (document?.definitions ?? []).filter(({ kind }) => kind === 'OperationDefinition')
  const chosen = operations.find(({ name }) => name?.value === operationName) ?? operations[0]
  return chosen?.operation === 'subscription'
}

async function post(params, headers) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(params),
  })
  return response.json()
}

async function* subscribe(params, headers) {
  const socket = new WebSocket(url.href.replace(/^http/, 'ws'), 'graphql-transport-ws')
  const messages = []
  let wake = () => {}
  const tell = (message) => { messages.push(message); wake() }
  socket.onopen = () => socket.send(JSON.stringify({ type: 'connection_init', payload: { headers: lowerCase(headers) } }))
  socket.onmessage = ({ data }) => tell(JSON.parse(data))
  socket.onclose = ({ code, reason }) => tell({ type: 'closed', payload: code + ' ' + reason })
  try {
    for (;;) {
      while (messages.length === 0) await new Promise((resolve) => (wake = resolve))
      const { type, payload } = messages.shift()
      if (type === 'connection_ack') socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: params }))
      else if (type === 'ping') socket.send(JSON.stringify({ type: 'pong' }))
      else if (type === 'next') yield payload
      else if (type === 'error') return yield { errors: payload }
      else if (type === 'closed') return yield { errors: [{ message: 'The connection was closed: ' + payload }] }
      else if (type === 'complete') return
    }
  } finally {
    socket.close(1000)
  }
}

function lowerCase(headers) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
`
