import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

type Call = { readonly id: number; readonly task: string; readonly args: readonly unknown[] }
type Answer =
  { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: string }

/** Starts a process that serves tasks. They are called as if they were here, and `stop` ends it; the caller knows their types. */
export function startTasks(file: URL): object {
  const child = fork(fileURLToPath(file))
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  let calls = 0
  child.on('message', (answer: Answer) => {
    const waiter = waiting.get(answer.id)
    waiting.delete(answer.id)
    if ('error' in answer) waiter?.reject(new Error(answer.error))
    else waiter?.resolve(answer.result)
  })
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the clients' process ended with ${code}`))
  })
  const call =
    (task: string) =>
    (...args: readonly unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        calls += 1
        waiting.set(calls, { resolve, reject })
        child.send({ id: calls, task, args })
      })
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null) return
    child.disconnect()
    await once(child, 'exit')
  }
  return new Proxy(
    {},
    {
      get: (_target, task) =>
        task === 'stop' ? stop : typeof task === 'string' && task !== 'then' ? call(task) : undefined,
    },
  )
}

/** Serves them in that process, until whoever started it lets go of it. */
export function serveTasks(tasks: Readonly<Record<string, (...args: never[]) => Promise<unknown>>>): void {
  process.on('message', ({ id, task, args }: Call) => {
    const answer = (message: Answer): void => void process.send?.(message)
    const work = tasks[task]
    if (work === undefined) throw new Error(`nobody knows how to ${task}`)
    work(...(args as never[])).then(
      (result) => answer({ id, result }),
      (error: unknown) =>
        answer({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    )
  })
  process.on('disconnect', () => process.exit(0))
}
