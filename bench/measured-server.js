/**
 * The service as it is built, in a process of its own, which tells over IPC where it listens and, when asked, what memory it holds
 * ('measure', needs --expose-gc) or which statements it has sent since it was asked before ('statements', needs COUNT_STATEMENTS).
 * Plain JavaScript on `dist`: tsx gives every closure a dictionary of its own for its name, 256 bytes each.
 */
import pg from 'pg'

const built = new URL('../dist/src/', import.meta.url)
const { createApp } = await import(new URL('app.js', built).href)
const { readConfig } = await import(new URL('config.js', built).href)
const { createLog } = await import(new URL('server/log.js', built).href)

let statements = {}
if (process.env.COUNT_STATEMENTS) countStatements()

const app = await createApp(readConfig(process.env), {
  log: createLog({ level: 'silent', readable: false }),
})
process.send({ url: app.url })
process.on('message', (question) => void (question === 'statements' ? tellStatements() : measure()))
process.on('disconnect', () => void app.stop().then(() => process.exit(0)))

async function measure() {
  // What finalizers let go of is garbage only for the next collection.
  for (let round = 0; round < 5; round++) {
    globalThis.gc()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  process.send({ heapUsed, external, rss })
}

function tellStatements() {
  process.send(statements)
  statements = {}
}

/** By the name that each opens with. */
function countStatements() {
  const { query } = pg.Client.prototype
  pg.Client.prototype.query = function (...args) {
    const text = typeof args[0] === 'string' ? args[0] : args[0].text
    const name =
      /^\s*\/\* ([\w.]+) \*\//.exec(text)?.[1] ?? text.trim().split(/\s+/, 2).join(' ').toLowerCase()
    statements[name] = (statements[name] ?? 0) + 1
    return query.apply(this, args)
  }
}
