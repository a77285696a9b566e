import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Answer, Tasks } from './load/main.ts'

export type Load = Tasks & { readonly stop: () => Promise<void> }

/** Starts the process that all clients are in; its tasks are called as if they were here. */
export function startLoad(): Load {
  const child = fork(fileURLToPath(new URL('load/main.ts', import.meta.url)))
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
  return new Proxy({ stop } as Load, {
    get: (target, task) =>
      task === 'stop' ? target.stop : typeof task === 'string' && task !== 'then' ? call(task) : undefined,
  })
}
