/**
 * Everybody who uses the variants, in a process of its own, so that its work is in nobody's figures. Is told over IPC what to do; see
 * `start-load.ts`.
 */
import { serveTasks } from '../../child-tasks.ts'
import type { Scene } from '../scene.ts'
import { openCrowd, type Address, type Crowd, type Run, type Workload } from './crowd.ts'
import { idleCrowd, type IdleCrowd } from './idle-crowd.ts'
import { deliveryLatencies, revocations } from './latency.ts'

const crowds = new Map<string, Crowd>()
let idle: IdleCrowd | undefined

const tasks = {
  open: async (name: string, address: Address, scene: Scene): Promise<void> => {
    crowds.set(name, await openCrowd(address, scene))
  },
  check: (name: string): Promise<void> => crowdOf(name).check(),
  run: (name: string, workload: Workload & { readonly ms: number }): Promise<Run> =>
    crowdOf(name).run(workload),
  deliveryLatencies: (
    name: string,
    options: { databaseUrl: string; ms: number },
  ): Promise<readonly number[]> => deliveryLatencies(crowdOf(name), options),
  revocations: async (
    name: string,
    options: Parameters<typeof revocations>[0],
  ): Promise<Awaited<ReturnType<typeof revocations>>> => {
    const found = await revocations(options)
    await crowdOf(name).settle()
    return found
  },
  openIdle: (options: Parameters<typeof idleCrowd>[0]): Promise<void> => {
    idle = idleCrowd(options)
    return Promise.resolve()
  },
  connectIdle: (users: readonly string[]): Promise<void> => idleOnes().connect(users),
  watchIdle: (users: readonly string[]): Promise<void> => idleOnes().watch(users),
  changeIdle: (users: readonly string[]): Promise<void> => idleOnes().change(users),
  storm: (users: readonly string[]): Promise<{ readonly ms: number; readonly lost: number }> =>
    idleOnes().storm(users),
  cutIdle: (): Promise<void> => {
    idleOnes().cut()
    return Promise.resolve()
  },
}

export type Tasks = typeof tasks

serveTasks(tasks)

function crowdOf(name: string): Crowd {
  const crowd = crowds.get(name)
  if (crowd === undefined) throw new Error(`nobody is connected to ${name}`)
  return crowd
}

function idleOnes(): IdleCrowd {
  if (idle === undefined) throw new Error('there are no idle sockets')
  return idle
}
