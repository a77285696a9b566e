import { describe, expect, it } from 'vitest'
import { disclose, explain, type DisclosureFacts } from '../../../src/domain/disclosure.ts'
import type { Presence } from '../../../src/domain/presence.ts'
import { EDGE_STATES, PRESENCE_SERVERS } from '../../support/domain-values.ts'

const YES_NO = [true, false]
const presence: Presence = { status: 'BUSY', activity: null, note: null }

/** The facts that each step looks at. Nothing else may matter once it has decided. */
const LOOKED_AT = {
  SELF: ['self'],
  BLOCKED_BY_WATCHER: ['self', 'blockedByWatcher'],
  ONLY_CONTACTS_SEEN: ['self', 'blockedByWatcher', 'onlyContactsSeen', 'contact'],
  EDGE: ['self', 'blockedByWatcher', 'onlyContactsSeen', 'contact', 'edge', 'presenceServer'],
  SHOWN_WHEN_ASKED: [
    ...['self', 'blockedByWatcher', 'onlyContactsSeen', 'contact', 'edge', 'presenceServer'],
    'shownWhenAsked',
  ],
  PENDING_SHOWN_BY_CLASS: [
    ...['self', 'blockedByWatcher', 'onlyContactsSeen', 'contact', 'edge', 'presenceServer'],
    ...['shownWhenAsked', 'pendingShownByClass'],
  ],
} as const satisfies Record<ReturnType<typeof explain>['step'], readonly string[]>

function everyCombination(): DisclosureFacts[] {
  const combine = <Name extends keyof DisclosureFacts>(
    sofar: Partial<DisclosureFacts>[],
    name: Name,
    values: readonly DisclosureFacts[Name][],
  ) => sofar.flatMap((facts) => values.map((value) => ({ ...facts, [name]: value })))
  let facts: Partial<DisclosureFacts>[] = [{}]
  for (const name of [
    'self',
    'blockedByWatcher',
    'onlyContactsSeen',
    'contact',
    'shownWhenAsked',
    'pendingShownByClass',
  ] as const) {
    facts = combine(facts, name, YES_NO)
  }
  return combine(combine(facts, 'edge', EDGE_STATES), 'presenceServer', PRESENCE_SERVERS) as DisclosureFacts[]
}

describe('the explanation of what a watcher is shown', () => {
  const all = everyCombination()

  it('says what is shown, for every combination of facts', () => {
    for (const facts of all) {
      expect(explain(facts).shown, JSON.stringify(facts)).toBe(disclose(facts, () => presence) === presence)
    }
  })

  it('names the step whose facts decide: while these stay, none of the others matters', () => {
    const decided = new Map<string, boolean>()
    for (const facts of all) {
      const { step, shown } = explain(facts)
      const key = `${step} ${JSON.stringify(LOOKED_AT[step].map((name) => facts[name]))}`
      expect(decided.get(key) ?? shown, key).toBe(shown)
      decided.set(key, shown)
    }
    expect(new Set([...decided.keys()].map((key) => key.split(' ')[0]))).toEqual(
      new Set(Object.keys(LOOKED_AT)),
    )
  })
})
