// A process of its own that starts the embedded server on the folder of its first argument, prints one line of JSON,
// the URL or the failure's code, and stays until it is ended.
import { EmbeddedPostgresError } from '../../src/embedded-postgres/embedded-postgres-error.ts'
import { startEmbeddedPostgres } from '../../src/embedded-postgres/start-embedded-postgres.ts'

try {
  const { url } = await startEmbeddedPostgres({ dataFolder: process.argv[2] ?? '', durable: false })
  console.log(JSON.stringify({ url }))
} catch (error) {
  if (!(error instanceof EmbeddedPostgresError)) throw error
  console.log(JSON.stringify({ code: error.code, message: error.message }))
}
