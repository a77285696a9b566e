/** All clients, in a process of their own, so that their work is in nobody's figures. Is told over IPC what to do. */
import { serveTasks } from '../../child-tasks.ts'
import {
  ANSWERED,
  answering,
  ASKED,
  askingsOf,
  requestsOf,
  type Request,
  type Workload,
} from '../workloads.ts'
import { atPace, type Paced } from './pace.ts'
import type { Scene } from '../scene.ts'
import { openLine, type Line } from './line.ts'

const AT_ONCE = 8

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
  /** Connections are spread over the addresses, if there are several with spaces between. */
  open: async (name: string, addresses: string, connections: number): Promise<void> => {
    const urls = addresses.split(' ')
    const lines = Array.from({ length: connections }, (_, place) => openLine(urls[place % urls.length] ?? ''))
    crowds.set(name, { lines: await Promise.all(lines) })
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
    const began = performance.now()
    return inTurn(linesOf(name), async (line, place) => {
      if (performance.now() - began >= ms) return false
      await answerOf(line, asked[place % asked.length] as Request)
      return true
    })
  },
  /** So many requests each second, whatever becomes of those before. */
  paced: async (
    name: string,
    { workload, turn, ...pace }: { workload: Workload; turn: number; perSecond: number; ms: number },
  ): Promise<Paced> => {
    const asked = requests(workload, turn)
    return atPace(linesOf(name), pace, (line, place) =>
      answerOf(line, asked[place % asked.length] as Request),
    )
  },
  /** One after another asks another one, some at once; how long each took. */
  ask: (name: string, { turn, count }: { readonly turn: number; readonly count: number }): Promise<Run> =>
    exchange(name, askingsOf(sceneMet(), turn, count), ASKED),
  answer: (
    name: string,
    waiting: readonly { readonly viewer: number; readonly id: string }[],
  ): Promise<Run> => exchange(name, waiting.map(answering), ANSWERED),
}

export type Tasks = typeof tasks

serveTasks(tasks)

/** Whatever is answered otherwise ends the run. */
async function exchange(name: string, asked: readonly Request[], expected: string): Promise<Run> {
  return inTurn(linesOf(name).slice(0, AT_ONCE), async (line, place) => {
    const request = asked[place]
    if (request === undefined) return false
    const answer = await answerOf(line, request)
    if (answer.trimEnd() !== expected) throw new Error(`${name} answered ${answer}`)
    return true
  })
}

/** Each line takes what is next as soon as it is free, until there is nothing more; how long each took. */
async function inTurn(
  lines: readonly Line[],
  take: (line: Line, place: number) => Promise<boolean>,
): Promise<Run> {
  const latenciesMs: number[] = []
  const start = performance.now()
  let place = 0
  await Promise.all(
    lines.map(async (line) => {
      for (let began = performance.now(); await take(line, place++); began = performance.now())
        latenciesMs.push(performance.now() - began)
    }),
  )
  return { requests: latenciesMs.length, ms: performance.now() - start, latenciesMs }
}

async function answerOf(line: Line, request: Request): Promise<string> {
  const answer = await line.ask(tokenOf(request), request.body)
  if (!answer.startsWith('{"data":{')) throw new Error(`the answer was ${answer}`)
  return answer
}

function requests(workload: Workload, turn: number): readonly Request[] {
  return requestsOf(workload, sceneMet(), turn)
}

function sceneMet(): Scene {
  if (scene === undefined) throw new Error('there is no scene')
  return scene
}

function tokenOf({ viewer }: Request): string {
  return tokens[viewer] ?? ''
}

function linesOf(name: string): readonly Line[] {
  const crowd = crowds.get(name)
  if (crowd === undefined) throw new Error(`nobody is connected to ${name}`)
  return crowd.lines
}
