import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { START_OPTIONS } from '../support/start-options.ts'
import { AUDIENCE, claimsOf, ISSUER, issuerKey, sign } from '../support/token-issuer.ts'
import type { Sender } from './inputs.ts'

const ROOT = join(import.meta.dirname, '../..')
const ERROR_LEVEL = 50

export type FuzzedServer = {
  readonly host: string
  readonly port: number
  readonly tokens: Readonly<Record<Sender, readonly string[]>>
  /** Turns of the event loop that were too long since this was last asked, in milliseconds. */
  takeLongTurns(): readonly number[]
  readonly errorLines: readonly string[]
  /** How it ended, if it has. */
  ended(): string | undefined
  /** Bytes of the heap and beside it, after a collection. */
  memory(): Promise<number>
  stop(): Promise<void>
}

/** The built server, as `npm start` runs it, in a process of its own; its database is the given one, or an embedded one. */
export async function startFuzzedServer(): Promise<FuzzedServer> {
  const key = issuerKey()
  const folder = mkdtempSync(join(tmpdir(), 'presence-privacy-fuzz-'))
  const databaseUrl = process.env['FUZZ_DATABASE_URL']
  const child = fork(join(ROOT, 'dist/src/main.js'), {
    cwd: folder,
    execArgv: [...START_OPTIONS, '--expose-gc', '--import', join(import.meta.dirname, 'watch-turns.js')],
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
      JWT_PUBLIC_KEY: key.publicPem,
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: AUDIENCE,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const errorLines: string[] = []
  let turns: number[] = []
  let how: string | undefined
  child.once('exit', (code, signal) => (how = String(code ?? signal)))
  child.on('message', (message: { turn?: number }) => {
    if (message.turn !== undefined) turns.push(message.turn)
  })
  const url = await listening(child, errorLines)
  const token = (user: string, roles: string[] = []): Promise<string> =>
    sign(key, claimsOf(user, { roles, exp: Math.floor(Date.now() / 1000) + 86_400 }))
  const users = await Promise.all(Array.from({ length: 20 }, (_, at) => token(`fuzz-${at}`)))
  return {
    host: url.hostname,
    port: Number(url.port),
    tokens: {
      nobody: [],
      liar: [`${users[0]!.slice(0, -8)}AAAAAAAA`, 'x', await sign(issuerKey(), claimsOf('fuzz-1'))],
      user: users,
      service: [await token('fuzz-service', ['service'])],
      administrator: [await token('fuzz-administrator', ['administrator'])],
    },
    takeLongTurns() {
      const taken = turns
      turns = []
      return taken
    },
    errorLines,
    ended: () => how,
    async memory() {
      const told = new Promise<number>((resolve) => {
        const listener = (message: { heap?: number }): void => {
          if (message.heap === undefined) return
          child.off('message', listener)
          resolve(message.heap)
        }
        child.on('message', listener)
      })
      child.send('memory')
      return told
    },
    async stop() {
      if (how === undefined) {
        child.kill('SIGTERM')
        const tooLate = setTimeout(() => child.kill('SIGKILL'), 20_000)
        await once(child, 'exit')
        clearTimeout(tooLate)
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function listening(child: ChildProcess, errorLines: string[]): Promise<URL> {
  return new Promise((resolve, reject) => {
    const said: string[] = []
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream! }).on('line', (line) => {
        if (said.length < 20) said.push(line)
        const { level = 0, msg, url } = lineIn(line)
        if (msg === 'listening' && url !== undefined) resolve(new URL(url))
        // What is no JSON was written by no log of ours.
        if (level >= ERROR_LEVEL || !line.startsWith('{')) errorLines.push(line.slice(0, 2000))
      })
    }
    child.once('exit', () => reject(new Error(`the server ended before it listened:\n${said.join('\n')}`)))
  })
}

function lineIn(line: string): { level?: number; msg?: string; url?: string } {
  try {
    return JSON.parse(line) as { level?: number; msg?: string; url?: string }
  } catch {
    return {}
  }
}
