import type { FastifyInstance, FastifyReply } from 'fastify'
import { ASSETS_PATH, page, start, workers } from './graphiql-page.ts'
import { GRAPHQL_PATH } from './graphql-path.ts'

/** The page loads nothing from elsewhere. Its editor writes styles into the document. */
const OWN_FILES_ONLY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'"

/**
 * GraphiQL, for people at the address of GraphQL itself. Its files come from a package that bundles all of them; loaded when first
 * asked for, since they take 9 MB. The package is optional: an installation without it has no GraphiQL.
 */
export function serveGraphiql(http: FastifyInstance): void {
  const files = once(readFiles)

  http.get('/', (_request, reply) => reply.redirect(GRAPHQL_PATH))
  for (const name of ['style.css', 'workers.js', 'graphiql.js', 'start.js', ...WORKERS]) {
    http.get(`${ASSETS_PATH}/${name}`, async (_request, reply) => {
      const content = (await files()).get(name)
      return reply.type(name.endsWith('.css') ? 'text/css' : 'text/javascript').send(content)
    })
  }
}

/** Sends the page itself. */
export function sendGraphiql(reply: FastifyReply): FastifyReply {
  return reply.header('content-security-policy', OWN_FILES_ONLY).type('text/html').send(page)
}

const WORKERS = ['editor-worker.js', 'json-worker.js', 'graphql-worker.js'] as const

async function readFiles(): Promise<ReadonlyMap<string, string>> {
  const { css, js, editorWorkerService, jsonWorker, graphqlWorker } =
    await import('@graphql-yoga/render-graphiql/graphiql')
  return new Map([
    ['style.css', css],
    ['workers.js', workers],
    ['graphiql.js', js],
    ['start.js', start],
    ['editor-worker.js', editorWorkerService],
    ['json-worker.js', jsonWorker],
    ['graphql-worker.js', graphqlWorker],
  ])
}

function once<Result>(read: () => Promise<Result>): () => Promise<Result> {
  let reading: Promise<Result> | undefined
  return () => (reading ??= read())
}
