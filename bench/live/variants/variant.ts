import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Address } from '../load/crowd.ts'
import type { Scene } from '../scene.ts'

/** What is compared. */
export const VARIANTS = ['subgraph', 'subgraph of two', 'stock', 'ejabberd', 'bare'] as const
export type VariantName = (typeof VARIANTS)[number]

export type RunningVariant = {
  readonly name: VariantName
  readonly address: Address
  /** Of all its processes so far, in microseconds. */
  readonly processorTime: () => Promise<number>
  readonly stop: () => Promise<void>
}

/** Null if it is not to be had on this machine. */
export type StartVariant = (scene: Scene) => Promise<RunningVariant | null>

/** A server of one file beside this folder, in a process of its own, which says over IPC where it listens. */
export async function forkServer(
  file: string,
  {
    tell,
    env = {},
    execArgv = [],
  }: { readonly tell?: object; readonly env?: NodeJS.ProcessEnv; readonly execArgv?: string[] },
): Promise<{
  readonly child: ChildProcess
  readonly pid: number
  readonly url: string
  readonly stop: () => Promise<void>
}> {
  const child = fork(fileURLToPath(new URL(`../${file}`, import.meta.url)), {
    execArgv,
    env: { ...process.env, ...env },
  })
  if (tell !== undefined) child.send(tell)
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${file} ended before it listened`)
  })
  ended.catch(() => undefined)
  const [{ url }] = (await Promise.race([once(child, 'message'), ended])) as [{ url: string }]
  return {
    child,
    pid: child.pid ?? 0,
    url,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.disconnect()
      await once(child, 'exit')
    },
  }
}
