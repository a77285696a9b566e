import type { SightOfPresentity } from '../../../src/application/sight-facts.ts'
import type { UserId } from '../../../src/domain/user-id.ts'
import type { Chance } from '../chance.ts'
import { EVERYBODY } from '../state.ts'

export type Id = UserId

/** Some of everybody, in any order, and some of them twice. */
export function someIds(chance: Chance): Id[] {
  const ids = chance.shuffled(chance.some(EVERYBODY, 0.7))
  return [...ids, ...chance.some(ids, 0.1)] as Id[]
}

export function somePairs(chance: Chance): { watcher: Id; presentity: Id }[] {
  const all = EVERYBODY.flatMap((watcher) => EVERYBODY.map((presentity) => ({ watcher, presentity })))
  const pairs = chance.shuffled(chance.some(all, 0.25))
  return [...pairs, ...chance.some(pairs, 0.1)] as { watcher: Id; presentity: Id }[]
}

/** What of a user and a pair the readers of sight must say; the rest of their types says nothing there. */
export function sightOf(user: SightOfPresentity['user'], pair: SightOfPresentity['pair']) {
  return {
    appearOffline: user.preference.appearOffline,
    manual: user.preference.manual,
    presenceServer: user.presenceServer,
    pendingShown: user.classOfService.pendingShown,
    appearOfflineAllowed: user.classOfService.appearOfflineAllowed,
    appearOfflineForbiddenAt: user.appearOfflineForbiddenAt,
    edge: {
      state: pair.edge.state,
      endsAt: pair.edge.endsAt,
      replacedBlock: pair.edge.replacedBlock,
      shownWhenAsked: pair.edge.shownWhenAsked,
    },
    view: { access: pair.view.access, endsAt: pair.view.endsAt },
    contactSince: pair.contactSince,
    watcherBlocksFrom: pair.watcherBlocksFrom,
  }
}

/** Some of the ids of rows, and one that no row has. */
export function idsOf(rows: readonly { readonly id: string }[], chance: Chance): string[] {
  return [...chance.some(rows, 0.6).map(({ id }) => id), chance.uuid(), 'no id']
}

export function afterId(chance: Chance): Id | null {
  return chance.one([null, null, ...EVERYBODY]) as Id | null
}

export function isAfter(id: string, after: string | null): boolean {
  return after === null || Buffer.compare(Buffer.from(id), Buffer.from(after)) > 0
}
