import pg from 'pg'
import { hintOf } from '../../../src/postgres/signal.ts'
import { publishers } from '../scene.ts'
import type { Crowd } from './crowd.ts'
import { graphqlLines } from './graphql-line.ts'
import type { Ear } from './line.ts'

const PRESENTITY = 'few-0'
const WATCHER = 'watcher-1'

/**
 * From the notification of a change, as another listener hears it, to the last of its watchers: the delivery without the publishing.
 */
export async function deliveryLatencies(
  crowd: Crowd,
  { databaseUrl, ms }: { readonly databaseUrl: string; readonly ms: number },
): Promise<readonly number[]> {
  const listener = new pg.Client(databaseUrl)
  await listener.connect()
  await listener.query('listen presence_privacy')
  const heard = new Map<string, (at: number) => void>()
  listener.on('notification', ({ payload = '' }) => {
    const at = performance.now()
    const hint = hintOf(payload)
    if (typeof hint === 'object') for (const user of hint.users) heard.get(user)?.(at)
  })
  const latencies: number[] = []
  try {
    const until = performance.now() + ms
    for (let turn = 0; performance.now() < until; turn++) {
      const user = publishers.few[turn % publishers.few.length] ?? PRESENTITY
      const notified = new Promise<number>((resolve) => heard.set(user, resolve))
      const { shownLast } = await crowd.change(user)
      latencies.push(shownLast - (await notified))
    }
  } finally {
    await listener.end()
  }
  return latencies
}

/** From sending a notification to hearing it, over two connections; and a commit of one row. */
async function bareDatabase(databaseUrl: string) {
  const [listener, notifier] = [new pg.Client(databaseUrl), new pg.Client(databaseUrl)]
  await Promise.all([listener.connect(), notifier.connect()])
  await listener.query('listen bench')
  await notifier.query('create table if not exists bench_commits (id int primary key, value int not null)')
  await notifier.query('insert into bench_commits values (1, 0) on conflict do nothing')
  let heard: ((at: number) => void) | undefined
  listener.on('notification', () => heard?.(performance.now()))
  return {
    async notify(): Promise<number> {
      const at = new Promise<number>((resolve) => (heard = resolve))
      const began = performance.now()
      await notifier.query('notify bench')
      return (await at) - began
    },
    async commit(): Promise<number> {
      const began = performance.now()
      await notifier.query('update bench_commits set value = value + 1 where id = 1')
      return performance.now() - began
    },
    end: () => Promise.all([listener.end(), notifier.end()]),
  }
}

/**
 * A presentity at one instance blocks a watcher whose stream is at another: from her acknowledgement to his "offline". After each, what a
 * bare notification takes there and back, and a bare commit.
 */
export async function revocations({
  urls: [urlOfPresentity, urlOfWatcher],
  tokens,
  databaseUrl,
  times,
}: {
  readonly urls: readonly [string, string]
  readonly tokens: Readonly<Record<string, string>>
  readonly databaseUrl: string
  readonly times: number
}): Promise<Record<'revocationsMs' | 'notifiesMs' | 'commitsMs', readonly number[]>> {
  let seen: (status: string) => void = () => undefined
  const ear: Ear = {
    shown(user, _number, read) {
      if (user !== WATCHER) return
      for (const { presentity, status } of read()) if (presentity === PRESENTITY) seen(status)
    },
    acknowledged: () => undefined,
    lost(user, error) {
      throw new Error(`${user} was cut off`, { cause: error })
    },
  }
  const open = (user: string, url: string) =>
    graphqlLines({ endpointOf: () => url, tokenOf: (name) => tokens[name] ?? '' })(user, ear)
  const presentity = await open(PRESENTITY, urlOfPresentity)
  const watcher = await open(WATCHER, urlOfWatcher)
  await watcher.watch()
  const shownNext = (hidden: boolean): Promise<number> =>
    new Promise((resolve) => {
      seen = (status) => {
        if ((status === 'OFFLINE') === hidden) resolve(performance.now())
      }
    })

  const bare = await bareDatabase(databaseUrl)
  const revocationsMs: number[] = []
  const notifiesMs: number[] = []
  const commitsMs: number[] = []
  try {
    for (let turn = 0; turn < times; turn++) {
      const hidden = shownNext(true)
      await presentity.decide(WATCHER, 'BLOCKED')
      const acknowledged = performance.now()
      revocationsMs.push((await hidden) - acknowledged)
      const shown = shownNext(false)
      await presentity.decide(WATCHER, 'ALLOWED')
      await shown
      notifiesMs.push(await bare.notify())
      commitsMs.push(await bare.commit())
    }
  } finally {
    await bare.end()
    presentity.cut()
    watcher.cut()
  }
  return { revocationsMs, notifiesMs, commitsMs }
}
