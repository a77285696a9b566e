import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from './free-port.ts'

/** Where Debian's package puts it. */
const PGBOUNCER = '/usr/sbin/pgbouncer'
/** It refuses to run as root. */
const NOBODY = 65534

/** Why the tests with pgbouncer cannot run here, if they cannot. */
export function missingPgbouncer(): string | null {
  return existsSync(PGBOUNCER) ? null : `${PGBOUNCER} is missing: apt-get install pgbouncer`
}

/** Starts pgbouncer in transaction mode, with `poolSize` connections to the database of the URL. */
export async function startPgbouncer(options: {
  readonly url: string
  readonly poolSize: number
}): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'presence-privacy-pgbouncer-'))
  const server = new URL(options.url)
  const port = await freePort()
  const database = server.pathname.slice(1)
  const target = [
    `host=${server.hostname}`,
    `port=${server.port}`,
    `dbname=${database}`,
    `user=${decodeURIComponent(server.username)}`,
    `password=${decodeURIComponent(server.password)}`,
  ]
  const file = join(folder, 'pgbouncer.ini')
  await writeFile(
    file,
    `[databases]
${database} = ${target.join(' ')}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${options.poolSize}
max_client_conn = 500
`,
    { mode: 0o600 },
  )
  const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  if ('uid' in asNobody) for (const path of [folder, file]) await chown(path, NOBODY, NOBODY)

  const child = spawn(PGBOUNCER, [file], { ...asNobody, stdio: ['ignore', 'ignore', 'pipe'] })
  const exit = once(child, 'exit')
  const lines: string[] = []
  const output = createInterface({ input: child.stderr })
  await Promise.race([
    new Promise<void>((started) => {
      output.on('line', (line) => {
        lines.push(line)
        if (line.includes('process up')) started()
      })
    }),
    exit.then(() => {
      throw new Error(`pgbouncer did not start: ${lines.join('\n')}`)
    }),
  ])
  const url = new URL(options.url)
  url.host = `127.0.0.1:${port}`
  return {
    url: url.href,
    async stop() {
      child.kill('SIGKILL')
      await exit
      await rm(folder, { recursive: true, force: true })
    },
  }
}
