import { publishers, watchersOf, type Publishers, type Scene } from '../scene.ts'
import { bareLines } from './bare-line.ts'
import { graphqlLines } from './graphql-line.ts'
import { ledger, type Done } from './ledger.ts'
import { noteOf, type Change, type Ear, type Line, type OpenLine, type Sight } from './line.ts'
import { xmppLines } from './xmpp-line.ts'

const AT_ONCE = 50

/** Where a variant is, and how it is spoken to. */
export type Address =
  | {
      readonly protocol: 'graphql'
      readonly urls: readonly string[]
      readonly tokens: Readonly<Record<string, string>>
    }
  | { readonly protocol: 'bare'; readonly url: string }
  | { readonly protocol: 'xmpp'; readonly port: number }

export type Workload = { readonly publishers: Publishers; readonly outstanding: number }
export type Run = {
  readonly changes: number
  readonly deliveries: number
  readonly latenciesMs: readonly number[]
}

export type Crowd = {
  /** One change of a user; settles when all who must be told have been. */
  readonly change: (user: string) => Promise<Done>
  /** Changes as often as there is time for, so many at once. Throws if anybody was told what he must not be. */
  readonly run: (workload: Workload & { readonly ms: number }) => Promise<Run>
  /** Fails unless everybody is told what he must be, and nobody else anything. */
  readonly check: () => Promise<void>
  /** After something else went on: waits until nothing comes any more. */
  readonly settle: () => Promise<void>
}

/** All users of a scene, connected to one variant and shown whom they look at. */
export async function openCrowd(address: Address, scene: Scene): Promise<Crowd> {
  const watchers = watchersOf(scene)
  const isGraphql = address.protocol === 'graphql'
  const book = ledger({ acknowledges: isGraphql })
  let failure: Error | undefined
  const ear: Ear = {
    shown: book.shown,
    acknowledged: book.acknowledged,
    lost(user, error) {
      failure ??= new Error(`${user} was cut off`, { cause: error })
    },
  }
  const lines = new Map<string, Line>()
  const lineOf = (user: string): Line => {
    const line = lines.get(user)
    if (line === undefined) throw new Error(`${user} has no line`)
    return line
  }

  let number = 0
  const change = async (
    user: string,
    told = watchers.get(user)?.length ?? 0,
    status = STATUSES[number % 2],
  ): Promise<Done> => {
    number += 1
    const change: Change = { number, status: status ?? 'BUSY' }
    const done = book.expect(number, { user, watchers: told })
    lineOf(user).publish(change)
    return done
  }

  const open = linesTo(address)
  await inTurns(scene.users, async (user) => void lines.set(user, await open(user, ear)))
  const publishing = Object.values(publishers).flat()
  if (isGraphql) await inTurns(publishing, (user) => change(user, 0, 'AVAILABLE'))
  await inTurns(Object.keys(scene.contacts), async (user) => {
    const sights = await lineOf(user).watch()
    if (isGraphql) requireSnapshot(user, sights, scene)
  })
  // In XMPP everybody is told of everybody who comes.
  await book.silence(address.protocol === 'xmpp' ? 2000 : 300)
  if (!isGraphql) await inTurns(publishing, (user) => change(user))
  await book.silence(300)
  book.takeStrays()

  const stop = (): void => {
    if (failure !== undefined) throw failure
    const strays = book.takeStrays()
    if (strays > 0) throw new Error(`${strays} frames came that nobody waited for`)
  }

  return {
    change: (user) => change(user),
    async settle() {
      await book.silence(300)
      book.takeStrays()
    },
    async run({ publishers: who, outstanding, ms }) {
      const users = publishers[who]
      const latenciesMs: number[] = []
      let deliveries = 0
      const until = performance.now() + ms
      do {
        const chosen = someOf(users, outstanding)
        await Promise.all(
          chosen.map(async (user) => {
            const done = await change(user)
            latenciesMs.push(done.shownLast - done.began)
            deliveries += watchers.get(user)?.length ?? 0
          }),
        )
      } while (performance.now() < until)
      stop()
      return { changes: latenciesMs.length, deliveries, latenciesMs }
    },
    async check() {
      for (const [user] of Object.values(publishers)) {
        if (user === undefined) continue
        const told = await book.record(() => change(user, undefined, 'BUSY'))
        const sight: Sight = { presentity: user, status: 'BUSY', note: noteOf({ number, status: 'BUSY' }) }
        const expected = (watchers.get(user) ?? []).map((watcher) => JSON.stringify([watcher, sight]))
        const found = told.map((each) => JSON.stringify([each.user, each.sight]))
        if (expected.sort().join() !== found.sort().join()) {
          throw new Error(
            `of ${user}, ${expected.length} must be told, and ${found.length} were: ${found.slice(0, 3).join(' ')}`,
          )
        }
      }
      stop()
    },
  }
}

const STATUSES = ['AVAILABLE', 'BUSY'] as const

function linesTo(address: Address): OpenLine {
  switch (address.protocol) {
    case 'graphql': {
      const { urls, tokens } = address
      return graphqlLines({
        endpointOf: (user) => urls[placeOf(user) % urls.length] ?? '',
        tokenOf: (user) => tokens[user] ?? '',
      })
    }
    case 'bare':
      return bareLines(address.url)
    case 'xmpp':
      return xmppLines(address.port)
  }
}

/** Users are numbered: neighbours are at different instances. */
function placeOf(user: string): number {
  return Number(/\d+$/.exec(user)?.[0] ?? 0)
}

function requireSnapshot(user: string, sights: readonly Sight[], { contacts, denied }: Scene): void {
  const status = user === denied ? 'OFFLINE' : 'AVAILABLE'
  const due = [...(contacts[user] ?? [])].sort().map((presentity) => `${presentity} ${status}`)
  const shown = sights.map((sight) => `${sight.presentity} ${sight.status}`).sort()
  if (due.join() !== shown.join()) throw new Error(`${user} was shown ${shown.join().slice(0, 200)}`)
}

/** Different ones, at random. */
function someOf(users: readonly string[], count: number): readonly string[] {
  const chosen = new Set<string>()
  while (chosen.size < Math.min(count, users.length))
    chosen.add(users[Math.floor(Math.random() * users.length)] ?? '')
  return [...chosen]
}

export async function inTurns<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < items.length; from += AT_ONCE) {
    await Promise.all(items.slice(from, from + AT_ONCE).map(work))
  }
}
