import { explainSight, type ExplainedSight } from '../../application/explain-sight.ts'
import type { PairOf } from '../../application/ports.ts'
import type { DisclosureStep } from '../../domain/disclosure.ts'
import type { EdgeState } from '../../domain/edge.ts'
import type { CompositionStep } from '../../domain/presence.ts'
import { UsageError, type Command } from '../command.ts'
import { requireUser } from '../user-ids.ts'

export const why: Command = {
  name: 'why',
  takes: '--presentity <user id> --watcher <user id>',
  summary: 'say why one user sees, or does not see, another one now',
  about: [
    'The presentity is looked at, the watcher looks. It tells what the presentity has decided, which the watcher must never be told. That you asked is recorded.',
    'BLOCKING_HIDES_BOTH_WAYS, IDLE_AFTER_SECONDS and AWAY_AFTER_SECONDS must be set as they are for the service.',
  ],
  options: {
    presentity: { type: 'string', value: '<user id>', help: 'who is looked at' },
    watcher: { type: 'string', value: '<user id>', help: 'who looks' },
  },
  examples: ['why --presentity pia --watcher wim', 'why --presentity pia --watcher wim --json'],
  async run({ positionals, values, store, actor }) {
    if (positionals.length > 0)
      throw new UsageError('Say who is who: --presentity <user id> --watcher <user id>.')
    const of = {
      presentity: requireUser('--presentity', values['presentity']),
      watcher: requireUser('--watcher', values['watcher']),
    }
    const sight = await explainSight(await store(), { ...of, actor })
    const { edge, facts, presence, disclosed, step, composedBy, access, presentityClass, watcherClass } =
      sight
    return {
      text: textOf(of, sight),
      json: {
        ...of,
        ...{ presence, disclosed, decidedBy: step, composedBy, facts },
        edge: { state: edge.state, reason: edge.origin, since: iso(edge.since), endsAt: iso(edge.endsAt) },
        ...{ access, presentityClass, watcherClass, at: iso(sight.now) },
      },
    }
  },
}

function textOf(of: PairOf, sight: ExplainedSight): string {
  const { facts, edge, presence } = sight
  const ends = edge.endsAt === null ? '' : ` until ${String(iso(edge.endsAt))}`
  const lines: [string, string][] = [
    ['shown', [presence.status, presence.activity, presence.note].filter((part) => part !== null).join(', ')],
    ['decided by', sight.step],
    [
      `${of.presentity} has decided`,
      `${edge.state}${edge.origin === null ? '' : ` (${edge.origin})`}${ends}`,
    ],
    [`${of.watcher} has been told`, sight.access],
    [`presence server of ${of.presentity}`, facts.presenceServer],
    [`class of ${of.presentity}`, sight.presentityClass],
    [`class of ${of.watcher}`, sight.watcherClass],
    ['in the contact list', facts.contact ? 'yes' : 'no'],
    [`${of.watcher} blocks ${of.presentity}`, facts.blockedByWatcher ? 'yes' : 'no'],
  ]
  if (edge.state === 'PENDING') {
    lines.push(['shown when asked', facts.shownWhenAsked ? 'yes' : 'no'])
    lines.push(['class shows who waits', facts.pendingShownByClass ? 'yes' : 'no'])
  }
  const width = Math.max(...lines.map(([name]) => name.length))
  return [
    `${answerOf(of, sight)}\n`,
    ...lines.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
  ].join('\n')
}

function answerOf(
  { presentity, watcher }: PairOf,
  { disclosed, step, edge, composedBy }: ExplainedSight,
): string {
  const names = (text: string) => text.replaceAll('{p}', presentity).replaceAll('{w}', watcher)
  if (!disclosed) {
    return names(`{w} does not see {p}: ${step === 'EDGE' ? HIDDEN_BY_EDGE[edge.state] : HIDDEN_BY[step]}.`)
  }
  const shown = names(`{w} sees {p}: ${step === 'SELF' ? 'it is the same user' : SHOWN_BY_EDGE[edge.state]}`)
  return composedBy === null ? `${shown}.` : `${shown}, and ${names(COMPOSED[composedBy])}.`
}

const HIDDEN_BY = {
  SELF: 'it is the same user',
  BLOCKED_BY_WATCHER: '{w} blocks {p}, and those whom one blocks appear offline to oneself, too',
  ONLY_CONTACTS_SEEN: 'the class of {w} requires PROMPT, and {p} is not in the contact list of {w}',
  SHOWN_WHEN_ASKED: 'a request waits for {p}, and it was made when it showed nothing',
  PENDING_SHOWN_BY_CLASS: 'a request waits for {p}, and the class of {p} does not show her to those who wait',
} as const satisfies Record<Exclude<DisclosureStep, 'EDGE'>, string>

const HIDDEN_BY_EDGE = {
  NONE: '{p} has decided nothing about {w}',
  PENDING: 'a request waits for {p}, and her presence server shows nobody who waits',
  BLOCKED: '{p} has blocked {w}',
  ALLOWED: '{p} has allowed {w}',
} as const satisfies Record<EdgeState, string>

const SHOWN_BY_EDGE = {
  NONE: '{p} has decided nothing about {w}',
  PENDING: 'a request waits for {p}, and her server and class show her to those who wait',
  BLOCKED: '{p} has blocked {w}',
  ALLOWED: '{p} has allowed {w}',
} as const satisfies Record<EdgeState, string>

const COMPOSED = {
  NO_LIVE_SESSION: '{p} is offline, for no device of hers is connected',
  APPEARS_OFFLINE: '{p} is offline, for she has chosen to appear so',
  MANUAL_STATUS: '{p} has set her status by hand',
  SESSION: 'a device of hers says how she is',
} as const satisfies Record<CompositionStep, string>

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
