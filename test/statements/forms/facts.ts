import type { Facts } from '../../../src/application/ports.ts'
import type { SightFacts } from '../../../src/application/sight-facts.ts'
import { form, type Form } from '../form.ts'
import { classOf, liveSessionsOf, pairMeans, pairRow, userMeans, userRow } from '../model.ts'
import { EVERYBODY, type State } from '../state.ts'
import { sightOf, someIds, somePairs, type Id } from './questions.ts'

/** What is read before anything is shown. */
export const FACTS: readonly Form[] = [
  form('a caller of whom nothing is read', {
    question: () => null,
    ask: ({ ports }) => ports.proveCaller(),
    expected: () => undefined,
  }),
  form('what is seen of any users, whether or not there is anything of them', {
    question: (_, chance) => ({ watcher: chance.one(EVERYBODY) as Id, presentities: someIds(chance) }),
    ask: async ({ ports }, look) => sightFound(await ports.facts.readSight(look)),
    expected: (state, { watcher, presentities }) => sightExpected(state, watcher, presentities),
  }),
  form('what is seen of contacts', {
    question: (_, chance) => ({ watcher: chance.one(EVERYBODY) as Id }),
    ask: async ({ ports }, look) => sightFound(await ports.facts.readContactSight(look)),
    expected: (state, { watcher }) => sightExpected(state, watcher, contactsOf(state, watcher)),
  }),
  form('all facts of those of whom anything is stored', {
    question: (_, chance) => ({ watcher: chance.one(EVERYBODY) as Id, presentities: someIds(chance) }),
    ask: async ({ ports }, look) => factsFound(await ports.facts.readFacts(look)),
    expected: (state, { watcher, presentities }) => factsExpected(state, watcher, presentities),
  }),
  form('all facts of any pairs, by watcher', {
    question: (_, chance) => somePairs(chance),
    ask: async ({ ports }, pairs) =>
      byId(
        [...(await ports.facts.readFactsOfPairs(pairs))].map(([watcher, facts]) => [
          watcher,
          factsFound(facts),
        ]),
      ),
    expected: (state, pairs) =>
      byId(
        [...new Set(pairs.map(({ watcher }) => watcher))].map((watcher) => [
          watcher,
          factsExpected(
            state,
            watcher,
            pairs.filter((pair) => pair.watcher === watcher).map(({ presentity }) => presentity),
          ),
        ]),
      ),
  }),
]

export function contactsOf(state: State, watcher: string): string[] {
  return state.pairs
    .filter((row) => row.watcher_id === watcher && row.contact_since !== null)
    .map((row) => row.presentity_id)
}

function sightFound({ now, watcherClass, presentities }: SightFacts): unknown {
  const found = [...presentities].map(([id, { user, pair, sessions }]): [string, unknown] => [
    id,
    { ...sightOf(user, pair), sessions: sessions.filter(({ leaseEndsAt }) => leaseEndsAt > now) },
  ])
  return { now, handling: watcherClass.invitationHandling, presentities: byId(found) }
}

function sightExpected(state: State, watcher: string, presentities: readonly string[]): unknown {
  const { invitationHandling } = classOf(state, watcher)
  const expected = presentities.map((presentity): [string, unknown] => {
    const pair = pairMeans(pairRow(state, { watcher, presentity }))
    const sight = sightOf(userMeans(state, presentity) as never, pair as never)
    return [presentity, { ...sight, sessions: liveSessionsOf(state, presentity) }]
  })
  return { now: state.now, handling: invitationHandling, presentities: byId(expected) }
}

export function factsFound({ now, watcherClass, presentities }: Facts): unknown {
  const found = [...presentities].map(([id, { user, pair, sessions }]): [string, unknown] => {
    const { edge, view, contactSince, watcherBlocksFrom } = pair
    return [id, { user, pair: { edge, view, contactSince, watcherBlocksFrom }, sessions }]
  })
  return { now, watcherClass, presentities: byId(found) }
}

/** Whoever publishes, asks or is asked has a row; of anybody else there are no facts. */
export function factsExpected(state: State, watcher: string, presentities: readonly string[]): unknown {
  const stored = presentities.filter((id) => userRow(state, id) !== undefined)
  return {
    now: state.now,
    watcherClass: classOf(state, watcher),
    presentities: byId(
      stored.map((presentity) => [
        presentity,
        {
          user: userMeans(state, presentity),
          pair: pairMeans(pairRow(state, { watcher, presentity })),
          sessions: liveSessionsOf(state, presentity),
        },
      ]),
    ),
  }
}

export function byId(entries: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  return Object.fromEntries(entries)
}
