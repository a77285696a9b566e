import { auditActs, type StoredAct } from '../../application/administrative-acts.ts'
import { shownToken } from '../../domain/trail.ts'
import { UsageError, type Command } from '../command.ts'
import { requireUser } from '../user-ids.ts'

const MOST = 500
const USUAL = '50'

export const acts: Command = {
  name: 'acts',
  takes: '',
  summary: 'show what administrators have done, the latest first',
  about: [
    'Classes, presence servers and the site, exports, erasures, and who was looked into: what is about no single decision.',
    'They are kept as long as the trail: TRAIL_RETENTION_DAYS.',
  ],
  options: {
    by: { type: 'string', value: '<name>', help: 'only acts of this administrator' },
    user: { type: 'string', value: '<user id>', help: 'only acts about this user' },
    first: { type: 'string', value: '<n>', help: `how many, 1 to ${String(MOST)} (default: ${USUAL})` },
  },
  examples: ['acts', 'acts --user alice --first 10', 'acts --by operator:root --json'],
  async run({ positionals, values, store }) {
    if (positionals.length > 0) throw new UsageError('Say whose or about whom with --by and --user.')
    const { by, user } = values
    const first = countIn(values['first'] ?? USUAL)
    const filter = {
      actor: by === undefined ? null : requireUser('--by', by),
      user: user === undefined ? null : requireUser('--user', user),
    }
    const adapters = await store()
    const any = { since: null, until: null, after: null }
    const { items, hasNextPage } = await auditActs(adapters.acts, { ...filter, ...any, first })
    const more = hasNextPage ? ['… and earlier ones: see --first'] : []
    return {
      text: items.length === 0 ? 'Nothing is recorded.' : [...items.map(lineOf), ...more].join('\n'),
      json: { acts: items.map(shownOf), hasMore: hasNextPage },
    }
  },
}

function countIn(value: string | boolean): number {
  const count = typeof value === 'string' && /^\d{1,3}$/.test(value) ? Number(value) : 0
  if (count < 1 || count > MOST) throw new UsageError(`--first is 1 to ${String(MOST)}.`)
  return count
}

function shownOf({ id, at, actor, kind, className, settings, userCount, users }: StoredAct) {
  return {
    ...{ id, at: new Date(at).toISOString(), by: shownToken(actor.id), act: kind },
    ...{ className, settings, userCount, users: users.map(shownToken) },
  }
}

function lineOf(act: StoredAct): string {
  const { at, by, act: kind, className, settings, userCount, users } = shownOf(act)
  const changes = settings.map(({ name, before, after }) =>
    before === null ? `${name} ${after}` : `${name} ${before} -> ${after}`,
  )
  const others = userCount > users.length ? [`and ${String(userCount - users.length)} more`] : []
  return [
    `${at}  ${by}  ${kind}`,
    ...(className === null ? [] : [`"${className}"`]),
    ...(changes.length === 0 ? [] : [changes.join(', ')]),
    ...(users.length === 0 ? [] : [[...users, ...others].join(', ')]),
  ].join('  ')
}
