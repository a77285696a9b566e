import fc from 'fast-check'
import { ask } from '../../src/domain/ask.ts'
import { decide, removeEdge, type Verdict } from '../../src/domain/decide.ts'
import type { InvitationHandling } from '../../src/domain/invitation-handling.ts'
import { NO_PAIR, pairAt, type Pair } from '../../src/domain/pair.ts'
import { TRIGGERS, type OutgoingRequest, type Trigger } from '../../src/domain/request.ts'
import { isCooling, type Access } from '../../src/domain/watchers-view.ts'
import { withdraw } from '../../src/domain/withdraw.ts'

/** What can happen to a pair: the watcher asks or withdraws, the presentity decides or deletes, time passes. */
export type Act =
  | {
      readonly act: 'ask'
      readonly trigger: Trigger
      readonly handling: InvitationHandling
      readonly pendingShown: boolean
      readonly lifetimeMs: number
      readonly cooldownMs: number
    }
  | { readonly act: 'withdraw' }
  | { readonly act: 'decide'; readonly verdict: Verdict; readonly grantMs: number | null }
  | { readonly act: 'removeEdge' }
  | { readonly act: 'wait'; readonly ms: number }

/** A pair as it is `now`, and as it was last written: what has ended since is still there in storage. */
export type Moment = { readonly now: number; readonly pair: Pair; readonly stored: Pair }

/** One act with what was before it and after it; `before` as it is at the moment of the act. */
export type Step = {
  readonly act: Act
  readonly before: Moment
  readonly after: Moment
  /** What the watcher was told, if he asked. */
  readonly answer: { readonly access: Access; readonly request: OutgoingRequest | null } | null
  /** Until when he has to wait, if he wanted to ask and could not yet: then nothing was asked. */
  readonly retryAt: number | null
  /** The fresh ids that the act was given. */
  readonly ids: { readonly incoming: string; readonly outgoing: string }
}

export const START: Moment = { now: 1_000, pair: NO_PAIR, stored: NO_PAIR }

/** Does one act; `number` makes its ids, so that no two acts of a history share any. */
export function take(act: Act, { now, stored }: Moment, number = 0): Step {
  const ids = { incoming: `incoming-${number}`, outgoing: `outgoing-${number}` }
  const before = { now, pair: pairAt(stored, now), stored }
  const step = (after: Pair, answer: Step['answer'] = null): Step => ({
    act,
    before,
    after: { now, pair: after, stored: after },
    answer,
    retryAt: null,
    ids,
  })
  switch (act.act) {
    case 'ask': {
      const { act: _, lifetimeMs, ...asking } = act
      const { view } = before.pair
      if (isCooling(view, now)) return { ...step(before.pair), after: before, retryAt: view.coolsUntil }
      const asked = ask(stored, { ...asking, now, endsAt: now + lifetimeMs, ids })
      return step(asked.pair, { access: asked.answer, request: asked.request })
    }
    case 'withdraw':
      return step(withdraw(stored, now))
    case 'decide': {
      const endsAt = act.grantMs === null ? null : now + act.grantMs
      return step(decide(stored, { now, verdict: act.verdict, origin: 'SET', endsAt }))
    }
    case 'removeEdge':
      return step(removeEdge(stored, now))
    case 'wait': {
      const later = now + act.ms
      return { ...step(stored), after: { now: later, pair: pairAt(stored, later), stored } }
    }
  }
}

/** Does one act after another. */
export function play(acts: readonly Act[], start: Moment = START): readonly Step[] {
  const steps: Step[] = []
  for (const act of acts) steps.push(take(act, steps.at(-1)?.after ?? start, steps.length))
  return steps
}

/** The moment after a history. */
export function afterAll(acts: readonly Act[]): Moment {
  return play(acts).at(-1)?.after ?? START
}

/** The acts of a small world, in which a grant ends before a request does, and a cooldown before a grant. */
export const SOME_ACTS: readonly Act[] = [
  ...(['PROMPT', 'AUTO_ACCEPT'] as const).map((handling): Act => ({
    act: 'ask',
    trigger: 'CALL',
    handling,
    pendingShown: false,
    lifetimeMs: 100,
    cooldownMs: 30,
  })),
  { act: 'ask', trigger: 'DIRECT', handling: 'PROMPT', pendingShown: true, lifetimeMs: 100, cooldownMs: 0 },
  { act: 'withdraw' },
  { act: 'decide', verdict: 'ALLOWED', grantMs: null },
  { act: 'decide', verdict: 'ALLOWED', grantMs: 50 },
  { act: 'decide', verdict: 'BLOCKED', grantMs: null },
  { act: 'removeEdge' },
  { act: 'wait', ms: 50 },
  { act: 'wait', ms: 100 },
]

/** The moments after every history of up to `length` of `SOME_ACTS`; each once, though many histories lead to it. */
export function momentsAfter(length: number): readonly Moment[] {
  let latest: readonly Moment[] = [START]
  const all = new Map(latest.map((moment) => [JSON.stringify(moment), moment]))
  for (let number = 0; number < length; number += 1) {
    const next = latest.flatMap((moment) => SOME_ACTS.map((act) => take(act, moment, number).after))
    latest = [...new Map(next.map((moment) => [JSON.stringify(moment), moment])).values()]
    for (const moment of latest) all.set(JSON.stringify(moment), moment)
  }
  return [...all.values()]
}

/** Times of few milliseconds, so that ends are met to the millisecond often. */
const fewMs = fc.integer({ min: 1, max: 4 })

export const anyAsk = fc.record({
  act: fc.constant('ask' as const),
  trigger: fc.constantFrom(...TRIGGERS),
  handling: fc.constantFrom('PROMPT' as const, 'AUTO_ACCEPT' as const),
  pendingShown: fc.boolean(),
  lifetimeMs: fewMs,
  cooldownMs: fc.integer({ min: 0, max: 4 }),
})

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  { arbitrary: anyAsk, weight: 3 },
  { arbitrary: fc.constant<Act>({ act: 'withdraw' }), weight: 1 },
  {
    arbitrary: fc.record<Act & { act: 'decide' }>({
      act: fc.constant('decide'),
      verdict: fc.constantFrom('ALLOWED', 'BLOCKED'),
      grantMs: fc.option(fewMs, { nil: null }),
    }),
    weight: 2,
  },
  { arbitrary: fc.constant<Act>({ act: 'removeEdge' }), weight: 1 },
  { arbitrary: fc.record<Act & { act: 'wait' }>({ act: fc.constant('wait'), ms: fewMs }), weight: 2 },
)

export const anyHistory = fc.array(anyAct, { minLength: 1, maxLength: 20 })
