import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import type { Account } from './account.ts'

export type ProgramRun = {
  readonly program: string
  readonly args: readonly string[]
  readonly account: Account
  readonly cwd?: string
  readonly timeoutMs: number
}

/**
 * The environment of every PostgreSQL program. Nothing is inherited: PGDATA, PGOPTIONS, PGPORT and the like would steer
 * it. Messages are in English, because we read them; LC_ALL also keeps macOS from starting threads in the server.
 */
const programEnvironment = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' }

/** Runs a short-lived program. `succeeded` is false, with the reason in `output`, even when it cannot be started at all. */
export async function runProgram(run: ProgramRun): Promise<{ succeeded: boolean; output: string }> {
  const child = spawn(run.program, run.args, {
    ...run.account,
    ...(run.cwd === undefined ? {} : { cwd: run.cwd }),
    env: environmentWith(process.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: run.timeoutMs,
    killSignal: 'SIGKILL',
    windowsHide: true,
  })
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => {
      if (code === 0) resolve(undefined)
      else resolve(signal === null ? `exit code ${code}` : `ended by ${signal}`)
    })
  })
  const [fault, output, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  const said = [output, errors, fault ?? ''].map((part) => part.trim()).filter((part) => part !== '')
  return { succeeded: fault === undefined, output: said.join('\n') }
}

/** Windows programs find neither their libraries nor their temporary folder without the first two. */
export function environmentWith(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (process.platform !== 'win32') return programEnvironment
  return { ...programEnvironment, SystemRoot: own['SystemRoot'], TEMP: own['TEMP'], PATH: own['PATH'] }
}
