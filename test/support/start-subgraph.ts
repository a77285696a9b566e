import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { AUDIENCE, claimsOf, ISSUER, issuerKey, sign, type IssuerKey } from './token-issuer.ts'

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
/** The longest stop that the product allows itself by default, and a little more. */
const STOP_WITHIN_MS = 12_000

/** The server as an operator runs it: a process of its own, configured by its environment alone. */
export type RunningSubgraph = {
  readonly url: string
  readonly webSocketUrl: string
  readonly pid: number
  /** A token that this server believes, for ten minutes. */
  tokenOf(userId: string, claims?: Record<string, unknown>): Promise<string>
  /** SIGTERM, and waits for the end; fails when it is not a clean one in time. */
  stop(): Promise<void>
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<string>
}

export type SubgraphOptions = {
  readonly databaseUrl: string
  /** The file that starts it: that of another release, for example. */
  readonly main?: string
  /** Whose tokens it believes; several servers of one graph share it. */
  readonly key?: IssuerKey
  /** Further settings, as in .env.example. */
  readonly env?: Readonly<Record<string, string>>
}

export async function startSubgraph({
  databaseUrl,
  main = MAIN,
  key = issuerKey(),
  env = {},
}: SubgraphOptions): Promise<RunningSubgraph> {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main], {
    // Neither settings of this machine nor a developer's .env file may decide what is tested.
    cwd: tmpdir(),
    env: {
      ...pick(process.env, ['PATH', 'HOME', 'TMPDIR']),
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      PORT: '0',
      DATABASE_URL: databaseUrl,
      DATABASE_POOL_SIZE: '4',
      // No snapshot by the clock comes between what a test expects.
      STREAM_SNAPSHOT_SECONDS: '86400',
      JWT_PUBLIC_KEY: key.publicPem,
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: AUDIENCE,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exit = once(child, 'exit').then(([code, signal]) => String(code ?? signal))
  const { url, said } = await listening(child, exit)
  return {
    url,
    webSocketUrl: url.replace(/^http/, 'ws'),
    pid: child.pid!,
    tokenOf: (userId, claims) => sign(key, claimsOf(userId, claims)),
    ended: exit,
    stop: () => stop(child, exit, said),
    kill: async () => {
      child.kill('SIGKILL')
      await exit
    },
  }
}

/** Waits for the log line that announces readiness, and goes on reading: a full pipe would hold the server up. */
async function listening(
  child: ChildProcess,
  exit: Promise<string>,
): Promise<{ url: string; said: readonly string[] }> {
  const said: string[] = []
  const url = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line)
        if (said.length > 50) said.shift()
        const found = listeningUrlIn(line)
        if (found !== undefined) resolve(found)
      })
    }
  })
  const ended = exit.then((how) => {
    throw new Error(`the subgraph ended (${how}) before it listened:\n${said.join('\n')}`)
  })
  ended.catch(() => undefined)
  return { url: await Promise.race([url, ended]), said }
}

function listeningUrlIn(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined
  const { msg, url } = JSON.parse(line) as { msg?: unknown; url?: unknown }
  return msg === 'listening' && typeof url === 'string' ? url : undefined
}

async function stop(child: ChildProcess, exit: Promise<string>, said: readonly string[]): Promise<void> {
  const tooLate = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
  child.kill('SIGTERM')
  const how = await exit
  clearTimeout(tooLate)
  if (how !== '0' && how !== 'SIGTERM') throw new Error(`the subgraph ended with ${how}:\n${said.join('\n')}`)
}

function pick(env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(names.filter((name) => env[name] !== undefined).map((name) => [name, env[name]]))
}
