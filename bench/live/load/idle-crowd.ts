import { inTurns } from './crowd.ts'
import { graphqlLines, type GraphqlLine } from './graphql-line.ts'
import { ledger } from './ledger.ts'
import type { Ear } from './line.ts'

export type IdleCrowd = {
  readonly connect: (users: readonly string[]) => Promise<void>
  readonly watch: (users: readonly string[]) => Promise<void>
  /** All of them at once, as when a network comes back: cuts, connects and watches. How long until the last was shown everything. */
  readonly storm: (users: readonly string[]) => Promise<{ readonly ms: number; readonly lost: number }>
  /** Changes each, one after another; fails unless all who are connected and look at her are told. */
  readonly change: (users: readonly string[]) => Promise<void>
  readonly cut: () => void
}

/** Sockets that wait, with everything that a frontend subscribes to. */
export function idleCrowd({
  url,
  tokens,
  contacts,
}: {
  readonly url: string
  readonly tokens: Readonly<Record<string, string>>
  readonly contacts: Readonly<Record<string, readonly string[]>>
}): IdleCrowd {
  const open = graphqlLines({ endpointOf: () => url, tokenOf: (user) => tokens[user] ?? '' })
  const lines = new Map<string, GraphqlLine>()
  const book = ledger({ acknowledges: true })
  let number = 0
  const ear: Ear = {
    shown: book.shown,
    acknowledged: book.acknowledged,
    lost: (user) => void lines.delete(user),
  }
  const connectOne = async (user: string): Promise<void> => {
    lines.set(user, await open(user, ear))
  }
  const watchOne = async (user: string): Promise<void> => {
    const sights = await lines.get(user)?.watchAndWaitForRequests()
    const shown = sights?.filter(({ status }) => status === 'AVAILABLE').length
    if (shown !== contacts[user]?.length) throw new Error(`${user} was shown ${shown} contacts`)
  }
  return {
    connect: (users) => inTurns(users, connectOne),
    watch: (users) => inTurns(users, watchOne),
    async storm(users) {
      for (const user of users) lines.get(user)?.cut()
      const began = performance.now()
      const back = await Promise.allSettled(
        users.map(async (user) => {
          await connectOne(user)
          await watchOne(user)
        }),
      )
      const ms = performance.now() - began
      return { ms, lost: back.filter(({ status }) => status === 'rejected').length }
    },
    async change(users) {
      for (const user of users) {
        const watchers = Object.keys(contacts).filter(
          (watcher) => lines.has(watcher) && contacts[watcher]?.includes(user),
        ).length
        number += 1
        const told = book.expect(number, { user, watchers })
        lines.get(user)?.publish({ number, status: 'BUSY' })
        await told
      }
    },
    cut() {
      for (const line of lines.values()) line.cut()
      lines.clear()
    },
  }
}
