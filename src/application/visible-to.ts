import { isShownByOwnFacts } from '../domain/disclosure.ts'
import type { Edge } from '../domain/edge.ts'
import { LISTED_STATES } from '../domain/listed-edge.ts'
import { listEdges, type EdgeList, type EdgePage } from './list-edges.ts'
import { ownFacts } from './own-presence.ts'
import type { FactsReader, PrivacyLists } from './ports.ts'

/**
 * Who can see a user now, by her own facts: what she has decided, her server and her class. Never by anything of the watcher, such as
 * his contact list or whom he blocks: it would tell her what he has decided. Throws `Unavailable`.
 */
export async function visibleTo(
  { facts, lists }: { readonly facts: FactsReader; readonly lists: PrivacyLists },
  list: Omit<EdgeList, 'states'>,
): Promise<EdgePage> {
  const { presentity } = list
  const { user } = ownFacts(
    await facts.readFacts({ watcher: presentity, presentities: [presentity] }),
    presentity,
  )
  const shows = ({ state, shownWhenAsked }: Pick<Edge, 'state' | 'shownWhenAsked'>): boolean =>
    isShownByOwnFacts({
      edge: state,
      presenceServer: user.presenceServer,
      shownWhenAsked,
      pendingShownByClass: user.classOfService.pendingShown,
    })
  // Edges that nothing about them could show are not even looked at.
  const states = LISTED_STATES.filter((state) => shows({ state, shownWhenAsked: true }))
  return listEdges(lists, { ...list, states }, ({ edge }) => shows(edge))
}
