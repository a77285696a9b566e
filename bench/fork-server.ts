import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export type ForkedServer = {
  readonly child: ChildProcess
  readonly pid: number
  readonly url: string
  readonly stop: () => Promise<void>
}

/** A server of one file, in a process of its own, which says over IPC where it listens and ends when it is let go of. */
export async function forkServer(
  file: URL,
  {
    tell,
    env = {},
    execArgv = [],
    execPath,
  }: {
    readonly tell?: object
    readonly env?: NodeJS.ProcessEnv
    readonly execArgv?: string[]
    readonly execPath?: string
  } = {},
): Promise<ForkedServer> {
  const child = fork(fileURLToPath(file), {
    execArgv,
    ...(execPath !== undefined && { execPath }),
    env: { ...process.env, ...env },
  })
  if (tell !== undefined) child.send(tell)
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${file.pathname} ended before it listened`)
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
