import { once } from 'node:events'
import { startServer, tokensOf } from '../built-subgraph.ts'
import { named, ring } from './scene.ts'
import type { Load } from './start-load.ts'
import { storeScene, storeSessions } from './store-scene.ts'
import { startDatabase } from './variants/subgraph.ts'

const CONTACTS = 50
/** What is made once, by whichever socket comes first, is not a socket's. */
const WARM_UP = 200

type Memory = { readonly heapUsed: number; readonly external: number; readonly rss: number }

export type IdleSockets = {
  readonly sockets: number
  /** Bytes of each. */
  readonly acknowledged: Memory
  /** With both subscriptions, of 50 contacts. */
  readonly watching: Memory
  readonly storm: {
    readonly sockets: number
    readonly ms: number
    readonly lost: number
    /** By name, for each socket. */
    readonly statementsOfEach: Readonly<Record<string, number>>
    readonly allStatementsOfEach: number
  }
}

/** What sockets that wait cost a server of their own, and what it is when many of them come back at once. */
export async function measureIdleSockets(
  load: Load,
  { sockets, reconnecting }: { readonly sockets: number; readonly reconnecting: number },
): Promise<IdleSockets> {
  const users = named('idle', sockets)
  const warmUp = named('warm', WARM_UP)
  const contacts = { ...ring(users, CONTACTS), ...ring(warmUp, CONTACTS) }
  const all = [...users, ...warmUp]
  const database = await startDatabase()
  const server = await startServer(database.url, { countStatements: true })
  const ask = async <Answer>(question: string): Promise<Answer> => {
    server.child.send(question)
    const [answer] = (await once(server.child, 'message')) as [Answer]
    return answer
  }
  try {
    await storeScene(database.url, { users: all, contacts, denied: '' })
    await storeSessions(database.url, all)
    await load.openIdle({ url: server.url.replace(/^http/, 'ws'), tokens: await tokensOf(all), contacts })
    await load.connectIdle(warmUp)
    await load.watchIdle(warmUp)
    await load.cutIdle()

    const before = await ask<Memory>('measure')
    await load.connectIdle(users)
    const acknowledged = ofEach(before, await ask<Memory>('measure'), sockets)
    await load.watchIdle(users)
    const watching = ofEach(before, await ask<Memory>('measure'), sockets)

    await ask('statements')
    const storm = await load.storm(users.slice(0, reconnecting))
    const statements = Object.entries(await ask<Record<string, number>>('statements'))
      .map(([name, count]) => [name, count / reconnecting] as const)
      .sort(([, one], [, other]) => other - one)
    await load.changeIdle(users.filter((_user, place) => place % Math.ceil(sockets / 20) === 0))
    await load.cutIdle()
    return {
      sockets,
      acknowledged,
      watching,
      storm: {
        sockets: reconnecting,
        ...storm,
        statementsOfEach: Object.fromEntries(statements),
        allStatementsOfEach: statements.reduce((sum, [, count]) => sum + count, 0),
      },
    }
  } finally {
    await server.stop()
    await database.stop()
  }
}

function ofEach(before: Memory, now: Memory, sockets: number): Memory {
  const each = (measure: keyof Memory) => Math.round((now[measure] - before[measure]) / sockets)
  return { heapUsed: each('heapUsed'), external: each('external'), rss: each('rss') }
}
