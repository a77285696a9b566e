/** All clients, in a process of their own, so that their work is in nobody's figures. Is told over IPC what to do. */
import { serveTasks } from '../../child-tasks.ts'
import { requestsOf, type Request, type Workload } from '../workloads.ts'
import type { Scene } from '../scene.ts'
import { openLine, type Line } from './line.ts'

type Crowd = { readonly lines: readonly Line[] }
export type Run = { readonly requests: number; readonly ms: number; readonly latenciesMs: readonly number[] }

const crowds = new Map<string, Crowd>()
let tokens: readonly string[] = []
let scene: Scene | undefined

const tasks = {
  meet: (met: { readonly scene: Scene; readonly tokens: readonly string[] }): Promise<void> => {
    ;({ scene, tokens } = met)
    return Promise.resolve()
  },
  open: async (name: string, url: string, connections: number): Promise<void> => {
    crowds.set(name, { lines: await Promise.all(Array.from({ length: connections }, () => openLine(url))) })
  },
  close: (name: string): Promise<void> => {
    for (const { close } of linesOf(name)) close()
    crowds.delete(name)
    return Promise.resolve()
  },
  /** What a variant answers to some requests, one after another, as JSON values. */
  answers: async (
    name: string,
    { workload, turn, count }: { readonly workload: Workload; readonly turn: number; readonly count: number },
  ): Promise<readonly unknown[]> => {
    const [line] = linesOf(name)
    const answers = []
    for (const request of requests(workload, turn).slice(0, count)) {
      const answer = (await line?.ask(tokenOf(request), request.body)) ?? ''
      answers.push(JSON.parse(Buffer.from(answer, 'latin1').toString()) as unknown)
    }
    return answers
  },
  /** As many requests as there is time for, one on each connection at a time. */
  run: async (
    name: string,
    { workload, turn, ms }: { readonly workload: Workload; readonly turn: number; readonly ms: number },
  ): Promise<Run> => {
    const asked = requests(workload, turn)
    const latenciesMs: number[] = []
    let place = 0
    const began = performance.now()
    await Promise.all(
      linesOf(name).map(async (line) => {
        for (let now = performance.now(); now - began < ms; now = performance.now()) {
          const request = asked[place++ % asked.length] as Request
          const answer = await line.ask(tokenOf(request), request.body)
          if (!answer.startsWith('{"data":{')) throw new Error(`${name} answered ${answer}`)
          latenciesMs.push(performance.now() - now)
        }
      }),
    )
    return { requests: latenciesMs.length, ms: performance.now() - began, latenciesMs }
  },
}

export type Tasks = typeof tasks

serveTasks(tasks)

function requests(workload: Workload, turn: number): readonly Request[] {
  if (scene === undefined) throw new Error('there is no scene')
  return requestsOf(workload, scene, turn)
}

function tokenOf({ viewer }: Request): string {
  return tokens[viewer] ?? ''
}

function linesOf(name: string): readonly Line[] {
  const crowd = crowds.get(name)
  if (crowd === undefined) throw new Error(`nobody is connected to ${name}`)
  return crowd.lines
}
