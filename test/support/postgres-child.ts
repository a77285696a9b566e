import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A process of its own that serves a data folder, or could not. */
export interface PostgresChild {
  readonly said: { readonly url?: string; readonly code?: string; readonly message?: string }
  /** Ends it by SIGKILL, so that it can tidy nothing up, and waits for its end. */
  kill(): Promise<void>
}

/** What the process runs, and where it lies in every checkout. */
const ownScript = fileURLToPath(new URL('./serve-postgres.ts', import.meta.url))
const thisCheckout = fileURLToPath(new URL('../..', import.meta.url))

/** Starts node on the source of a checkout, as `uid` if one is given, and waits for what it has to say. */
export async function servePostgresInChild(options: {
  dataFolder: string
  uid?: number
  checkout?: string
  temporaryFolder?: string
}): Promise<PostgresChild> {
  const { dataFolder, uid, checkout = thisCheckout, temporaryFolder } = options
  const script = join(checkout, relative(thisCheckout, ownScript))
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataFolder], {
    // Where node looks for tsx: an account that cannot enter our own checkout runs a copy of it.
    cwd: checkout,
    ...(uid === undefined ? {} : { uid, gid: uid }),
    env: { ...process.env, ...(temporaryFolder === undefined ? {} : { TMPDIR: temporaryFolder }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exit.then(() => {
      throw new Error('the process ended without a word')
    }),
  ])
  return {
    said: JSON.parse(String(line[0])) as PostgresChild['said'],
    kill: () => endBySigkill(child, exit),
  }
}

async function endBySigkill(child: ChildProcess, exit: Promise<unknown>): Promise<void> {
  child.kill('SIGKILL')
  await exit
}
