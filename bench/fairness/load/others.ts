/** Everybody but the attacker, in a process of their own. Is told over IPC what to do. */
import { serveTasks } from '../../child-tasks.ts'
import { openWebSocket } from '../../live/load/web-socket-line.ts'
import { EVERY_MS, PUBLISHERS, READERS, readBy, WATCHERS } from '../scene.ts'
import { getRequest, openLine, postRequest, type Answer, type Line } from './line.ts'

/** What was measured of the others meanwhile, in milliseconds. */
export type Felt = {
  readonly read: number[]
  readonly publish: number[]
  readonly ready: number[]
  /** From publishing to the last of all watchers. */
  readonly event: number[]
  /** Answers that were no good: errors, and probes that said not ready. */
  failures: number
  /** Times that a watcher was shown somebody Offline who is not. */
  hidden: number
}

const ENTITIES = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { id presence { status activity note } } } }`
const PUBLISH = `mutation ($i: PublishPresenceInput!) { publishPresence(input: $i) { renewAfterSeconds } }`
const WATCH = `subscription ($u: [ID!]) { presenceUpdates(userIds: $u) { change presences { user { id } presence { status note } } } }`

let felt = nothingFelt()
let number = 0
/** When each change was sent, and how many watchers have been told. */
const changes = new Map<number, { readonly began: number; told: number }>()

function nothingFelt(): Felt {
  return { read: [], publish: [], ready: [], event: [], failures: 0, hidden: 0 }
}

function hear(text: string): void {
  const offline = text.split('"OFFLINE"').length - 1
  felt.hidden += offline
  for (const [, found] of text.matchAll(/"note":"c(\d+)"/g)) {
    const change = changes.get(Number(found))
    if (change === undefined) continue
    change.told += 1
    if (change.told < WATCHERS.length) continue
    felt.event.push(performance.now() - change.began)
    changes.delete(Number(found))
  }
}

/** Asks so often, on a free line each time, whatever became of those before. */
function pace(
  lines: Line[],
  request: () => string,
  { into, isGood }: { readonly into: () => number[]; readonly isGood: (answer: Answer) => boolean },
): NodeJS.Timeout {
  return setInterval(() => {
    const line = lines.shift()
    // So many are under way that the server has as good as stopped.
    if (line === undefined) return void (felt.failures += 1)
    const began = performance.now()
    const list = into()
    line.ask(request()).then(
      (answer) => {
        list.push(performance.now() - began)
        if (!isGood(answer)) felt.failures += 1
        lines.push(line)
      },
      () => void (felt.failures += 1),
    )
  }, EVERY_MS)
}

const isData = ({ body }: Answer): boolean => body.startsWith('{"data":{') && !body.includes('"errors"')

const tasks = {
  open: async (url: string, tokens: Readonly<Record<string, string>>): Promise<void> => {
    const lines = (count: number) => Promise.all(Array.from({ length: count }, () => openLine(url)))
    const publish = (publisher: string, place: number): string => {
      number += 1
      changes.set(number, { began: performance.now(), told: 0 })
      const input = {
        sessionId: 'desk',
        status: number % 2 === 0 ? 'BUSY' : 'AVAILABLE',
        note: `c${String(number)}`,
        leaseSeconds: 3600,
      }
      return postRequest(tokens[publisher] ?? '', { query: PUBLISH, variables: { i: input }, place })
    }
    const [first] = await lines(1)
    for (const publisher of PUBLISHERS) await first?.ask(publish(publisher, 0))
    first?.close()
    await Promise.all(
      WATCHERS.map(async (watcher) => {
        const line = await openWebSocket(url.replace('http', 'ws'), {
          protocol: 'graphql-transport-ws',
          onText: hear,
          onClosed: () => void (felt.failures += 1),
        })
        line.send(
          JSON.stringify({
            type: 'connection_init',
            payload: { authorization: `Bearer ${tokens[watcher] ?? ''}` },
          }),
        )
        await new Promise((resolve) => setTimeout(resolve, 300))
        line.send(
          JSON.stringify({
            id: '1',
            type: 'subscribe',
            payload: { query: WATCH, variables: { u: PUBLISHERS } },
          }),
        )
      }),
    )
    const staggered = (place: number): Promise<void> =>
      new Promise((resolve) => setTimeout(resolve, (EVERY_MS / READERS.length) * Math.min(place, 1)))
    for (const [place, reader] of READERS.entries()) {
      await staggered(place)
      const representations = readBy(place).map((id) => ({ __typename: 'User', id }))
      const read = postRequest(tokens[reader] ?? '', { query: ENTITIES, variables: { r: representations } })
      pace(await lines(40), () => read, { into: () => felt.read, isGood: isData })
      const publisher = PUBLISHERS[place] ?? ''
      pace(await lines(40), () => publish(publisher, place), { into: () => felt.publish, isGood: isData })
      pace(await lines(40), () => getRequest('/health/ready'), {
        into: () => felt.ready,
        isGood: ({ status }) => status === 200,
      })
    }
  },
  /** What was felt since this was asked last. */
  felt: (): Promise<Felt> => {
    const until = felt
    felt = nothingFelt()
    return Promise.resolve(until)
  },
}

export type Others = typeof tasks & { readonly stop: () => Promise<void> }

serveTasks(tasks)
