import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { eventually } from './eventually.ts'
import { START_OPTIONS } from './start-options.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export type ServiceProcess = {
  readonly pid: number
  /** What it has said so far, on both streams. */
  said(): string
  /** Waits until it has said so, and returns the groups of the pattern; fails if it ends before. */
  says(pattern: RegExp, withinMs?: number): Promise<RegExpExecArray>
  kill(signal: NodeJS.Signals): void
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
}

/** A folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'presence-privacy-process-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))
  return folder
}

/** Runs a file of the product as a person would: with the options of `npm start`, in a folder of its own, with nothing set but what is given. */
export function startProcess(
  file: string,
  cwd: string,
  env: Record<string, string>,
  args: string[] = [],
): ServiceProcess {
  const options = [...START_OPTIONS, '--import', import.meta.resolve('tsx')]
  const child = spawn(process.execPath, [...options, join(ROOT, file), ...args], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  let over = false
  const ended = once(child, 'close').then(([code, signal]) => {
    over = true
    return (code ?? signal) as number | NodeJS.Signals
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return {
    pid: child.pid ?? 0,
    said: () => text,
    async says(pattern, withinMs = 20_000) {
      await eventually(`it says ${String(pattern)}`, () => over || pattern.test(text), { withinMs })
      const found = pattern.exec(text)
      if (found === null) throw new Error(`it ended without saying ${String(pattern)}, but:\n${text}`)
      return found
    },
    kill: (signal) => child.kill(signal),
    ended,
  }
}
