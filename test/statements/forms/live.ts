import { expect } from 'vitest'
import type { RevisedFacts } from '../../../src/application/live-ports.ts'
import type { Chance } from '../chance.ts'
import { form, type Form } from '../form.ts'
import { liveSessionsOf, userMeans, userRow } from '../model.ts'
import { EVERYBODY, type State } from '../state.ts'
import { byId, contactsOf, factsExpected, factsFound } from './facts.ts'
import { someIds, somePairs, type Id } from './questions.ts'

/** What streams read. */
export const LIVE: readonly Form[] = [
  form('a look at users, and which of the watchers have moved', {
    isOfService: true,
    question: (state, chance) => ({
      presentities: chance.is(0.2) ? [] : someIds(chance),
      watchers: knownWatchers(state, chance),
    }),
    async ask({ ports }, look) {
      const { now, settings, presentities, moved } = await ports.live.look(look)
      const byUser = byId(presentities)
      return { now, settings: onTimeline(settings), presentities: byUser, moved: [...moved].sort() }
    },
    expected: (state, { presentities, watchers }) => ({
      now: state.now,
      settings: settingsOf(state),
      presentities: byId(
        presentities
          .filter((id) => userRow(state, id) !== undefined)
          .map((id) => [
            id,
            {
              revision: revisionOf(state, id),
              user: userMeans(state, id),
              sessions: liveSessionsOf(state, id),
            },
          ]),
      ),
      moved: [...watchers]
        .filter(([id, known]) => revisionOf(state, id) !== known || isErasedWithoutRow(state, id))
        .map(([id]) => id)
        .sort(),
    }),
  }),
  form('a look at nobody', {
    isOfService: true,
    question: () => ({ presentities: [], watchers: new Map<Id, string>() }),
    async ask({ ports }, look) {
      const { settings, ...found } = await ports.live.look(look)
      return { ...found, settings: onTimeline(settings) }
    },
    expected: (state) => ({
      now: state.now,
      settings: settingsOf(state),
      presentities: new Map(),
      moved: [],
    }),
  }),
  form('the facts of any pairs, with the revisions that they belong to', {
    isOfService: true,
    question: (_, chance) => somePairs(chance),
    ask: async ({ ports }, pairs) =>
      byId(
        [...(await ports.live.factsOfPairs(pairs))].map(([watcher, facts]) => [watcher, revisedFound(facts)]),
      ),
    expected: (state, pairs) =>
      byId(
        [...new Set(pairs.map(({ watcher }) => watcher))].map((watcher) => [
          watcher,
          revisedExpected(
            state,
            watcher,
            pairs.filter((pair) => pair.watcher === watcher).map(({ presentity }) => presentity),
          ),
        ]),
      ),
  }),
  form('the facts of contacts, with the revisions that they belong to', {
    isOfService: true,
    question: (_, chance) => ({ watcher: chance.one(EVERYBODY) as Id }),
    ask: async ({ ports }, look) => revisedFound(await ports.live.contactFacts(look)),
    expected: (state, { watcher }) => revisedExpected(state, watcher, contactsOf(state, watcher)),
  }),
]

/** Of a user who was erased, and of whom nobody has made a row again: there is no revision that could tell. */
function isErasedWithoutRow(state: State, id: string): boolean {
  return state.erased.includes(id) && userRow(state, id) === undefined
}

/** Which timeline the server is on is no part of what is stored. */
function onTimeline(settings: string): string {
  expect(settings).toMatch(/^[0-9A-F]{8}\/\d+$/)
  return settings.slice(9)
}

/** A change of any class, or of the site, changes the sum. */
function settingsOf({ classes, site }: State): string {
  return String(classes.reduce((sum, { revision }) => sum + revision, site.revision))
}

function revisionOf(state: State, id: string): string {
  return String(userRow(state, id)?.revision ?? 0)
}

/** Some at the revision that they are at, some at another, some said to have none. */
function knownWatchers(state: State, chance: Chance): Map<Id, string> {
  return new Map(
    chance
      .some(EVERYBODY, 0.7)
      .map((id) => [
        id as Id,
        chance.one([
          revisionOf(state, id),
          revisionOf(state, id),
          '0',
          String(chance.integer(1, 1_000_000)),
          revisionOf(state, chance.one(EVERYBODY)),
        ]),
      ]),
  )
}

function revisedFound({ revisions, watcherErased, ...facts }: RevisedFacts): unknown {
  const settings = onTimeline(revisions.settings)
  const presentities = byId(revisions.presentities)
  return { facts: factsFound(facts), watcherErased, ...revisions, settings, presentities }
}

function revisedExpected(state: State, watcher: string, presentities: readonly string[]): unknown {
  return {
    facts: factsExpected(state, watcher, presentities),
    watcherErased: state.erased.includes(watcher),
    settings: settingsOf(state),
    watcher: revisionOf(state, watcher),
    presentities: byId(
      presentities.filter((id) => userRow(state, id) !== undefined).map((id) => [id, revisionOf(state, id)]),
    ),
  }
}
