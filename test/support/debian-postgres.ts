import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'
import { queryOnce } from './postgres-on-folder.ts'

/** Where Debian's package puts it: the embedded PostgreSQL has no `pg_basebackup`. */
const BIN = '/usr/lib/postgresql/15/bin'
/** PostgreSQL refuses to run as root. */
const NOBODY = 65534

/** Why tests with servers that replicate cannot run here, if they cannot. */
export function missingPostgres(): string | null {
  return existsSync(join(BIN, 'pg_basebackup')) ? null : `${BIN} is missing: apt-get install postgresql-15`
}

/** Servers of a test file's own, with one password. */
export type DebianPostgres = {
  /** A cluster of its own; returns the URL of a superuser. */
  readonly primary: () => Promise<string>
  /** Follows the server of the URL. */
  readonly standbyOf: (url: string) => Promise<string>
  /** Ends them, the last one first, and removes what they have stored. */
  readonly stop: () => Promise<void>
}

export async function debianPostgres(): Promise<DebianPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'presence-privacy-standby-'))
  const password = randomBytes(18).toString('hex')
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  const account = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  if ('uid' in account) for (const path of [folder, passwordFile]) await chown(path, NOBODY, NOBODY)
  const stops: (() => Promise<void>)[] = []

  const run = (program: string, args: readonly string[]) =>
    spawn(join(BIN, program), args, {
      ...account,
      cwd: folder,
      env: { PATH: process.env['PATH'], PGPASSWORD: password },
      stdio: ['ignore', 'ignore', 'pipe'],
    })

  const runToEnd = async (program: string, args: readonly string[]): Promise<void> => {
    const child = run(program, args)
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
    if (code !== 0) throw new Error(`${program} ended with ${String(code)}: ${said}`)
  }

  const serve = async (data: string): Promise<string> => {
    const port = String(await freePort())
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off']
    const child = run('postgres', ['-D', data, '-p', port, ...settings.flatMap((setting) => ['-c', setting])])
    const said = text(child.stderr)
    const exit = once(child, 'exit')
    let ended = false
    void exit.then(() => (ended = true))
    stops.push(async () => {
      // At once: a primary that is told to stop well waits for its standbys.
      child.kill('SIGQUIT')
      await exit
    })
    const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
    await eventually(
      'the server answers',
      async () => {
        if (ended) throw new Error(`postgres ended: ${await said}`)
        return queryOnce(url, 'select').then(
          () => true,
          () => false,
        )
      },
      { withinMs: 30_000 },
    )
    return url
  }

  return {
    async primary() {
      const data = join(folder, `cluster-${String(stops.length)}`)
      const login = ['-U', 'postgres', '-A', 'scram-sha-256', '--pwfile', passwordFile]
      await runToEnd('initdb', ['-D', data, ...login, '-E', 'UTF8', '--locale=C', '--no-sync'])
      return serve(data)
    },
    async standbyOf(url) {
      const data = join(folder, `standby-${String(stops.length)}`)
      const { hostname, port } = new URL(url)
      const from = ['-h', hostname, '-p', port, '-U', 'postgres']
      await runToEnd('pg_basebackup', ['-D', data, '-R', ...from, '--checkpoint=fast', '--no-sync'])
      return serve(data)
    },
    async stop() {
      for (const stop of stops.splice(0).reverse()) await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
