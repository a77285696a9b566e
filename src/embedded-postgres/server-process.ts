import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type Writable, type Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { nameForServer } from './account.ts'
import type { ClusterFolder } from './cluster-folder.ts'
import { guarded } from './orphan-guard.ts'
import { environmentWith, runProgram } from './run-program.ts'

/** A fast shutdown writes a checkpoint; on a slow disk that takes seconds. */
const fastShutdownMs = 10_000
/** An immediate shutdown writes nothing and is safe: the next start recovers from the log. */
const immediateShutdownMs = 3_000
/** Recovery after a crash may have minutes of log to read. */
const readyTimeoutMs = 120_000
/** Enough to see what led to an end, and no more. */
const rememberedLines = 20

/** A running postmaster. */
export type ServerProcess = {
  /** Settles when the server accepts connections (true), or has ended or was silent for too long (false). */
  readonly ready: Promise<boolean>
  /** Settles when the server has ended, for whatever reason, with a phrase that says how. */
  readonly ended: Promise<string>
  /** The last lines of the server's log, for a message about its end. */
  lastLines(): string
  /** Ends it: fast, and if that takes too long, harder. A server that is frozen takes no signal but the hardest. */
  stop(limit?: { readonly withinMs: number }): Promise<void>
}

/** Starts the server on a loopback port; the caller has to wait for `ready`. */
export function startServerProcess(start: {
  folder: ClusterFolder
  port: number
  durable: boolean
  log: (line: string) => void
}): ServerProcess {
  const { folder, port, durable, log } = start
  const command = [
    folder.binaries.postgres,
    ...['-D', nameForServer(folder.pgdata, folder.account), '-p', String(port)],
    ...Object.entries(settings(durable)).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  const { program, args } = guarded(command)
  const child = spawn(program, args, {
    ...folder.account,
    cwd: folder.pgdata,
    env: environmentWith(process.env),
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    // Its own session: Ctrl-C in a terminal reaches us only, and we stop the server when its last user has gone.
    detached: true,
    windowsHide: true,
  })
  const leash = child.stdio[3] as Writable
  leash.on('error', () => undefined)

  const lines: string[] = []
  const becameReady = readLog(child.stderr as Readable, (line) => {
    lines.push(line)
    if (lines.length > rememberedLines) lines.shift()
    log(line)
  })
  const ended = endOf(child).then(async (how) => {
    leash.end('ended\n')
    // What it said last may still be on its way. An orphan of a killed postmaster may hold the stream for a moment.
    await Promise.race([
      finished(child.stderr as Readable, { writable: false }).catch(() => undefined),
      pause(1_000),
    ])
    return how
  })
  return {
    ready: Promise.race([becameReady, ended.then(() => false), pause(readyTimeoutMs).then(() => false)]),
    ended,
    lastLines: () => lines.join('\n'),
    stop: (limit) =>
      stopServer(child, ended, folder, limit?.withinMs ?? fastShutdownMs + immediateShutdownMs),
  }
}

function settings(durable: boolean): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    // Failed statements and their details name users; the server's own state is all that we need to read here.
    log_min_messages: 'log',
    log_checkpoints: 'off',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  }
}

function readLog(stderr: Readable, onLine: (line: string) => void): Promise<boolean> {
  return new Promise((resolve) => {
    createInterface({ input: stderr }).on('line', (line) => {
      onLine(line)
      if (line.includes('database system is ready to accept connections')) resolve(true)
    })
  })
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `exit code ${code}` : `ended by ${signal}`),
    )
  })
}

async function stopServer(
  child: ChildProcess,
  ended: Promise<string>,
  folder: ClusterFolder,
  withinMs: number,
): Promise<void> {
  const immediateMs = Math.min(immediateShutdownMs, withinMs / 4)
  const fastMs = Math.min(fastShutdownMs, withinMs - immediateMs)
  if (process.platform === 'win32') {
    // Signals end a process there without warning; pg_ctl has a way of its own.
    const args = ['stop', '-D', folder.pgdata, '-m', 'fast']
    await runProgram({ program: folder.binaries.pgCtl, args, account: undefined, timeoutMs: fastShutdownMs })
  } else {
    child.kill('SIGINT')
  }
  if (await endsWithin(ended, fastMs)) return
  child.kill('SIGQUIT')
  if (await endsWithin(ended, immediateMs)) return
  child.kill('SIGKILL')
  await ended
}

async function endsWithin(ended: Promise<string>, milliseconds: number): Promise<boolean> {
  return Promise.race([ended.then(() => true), pause(milliseconds).then(() => false)])
}

/** Never keeps the process alive: whoever pauses here also waits for the child, which does. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref())
}
