import { setTimeout as rest } from 'node:timers/promises'
import { assignClass, setPresenceServer, type Users } from '../../application/administer-users.ts'
import { acceptAllPending } from '../../application/accept-all-pending.ts'
import { compareBytes, type UserId } from '../../domain/user-id.ts'
import { Refused, UsageError, type Call, type Command, type Option } from '../command.ts'
import { readUsers, requireUser } from '../user-ids.ts'
import { noSuchClass } from './classes.ts'

const FILE: Record<string, Option> = {
  file: { type: 'string', value: '<path>', help: 'ids, one a line, in UTF-8; - is standard input' },
}
const ABOUT_MANY =
  'Users are changed in parts of 1,000, in the order of their ids, each part whole or not at all, and recorded as an act of its own; run the command again if it stops half way. Users who were erased are left out and not counted. Without ids and --file, ids are read from standard input, one a line; 100,000 take a minute.'

/** Until a part is done, its users' own changes and devices wait. */
const MOST_IN_PART = 1000

const SERVERS = {
  OCS_2007: 'OCS_2007',
  CONVERGED_CONFERENCING: 'CONVERGED_CONFERENCING',
  SITE_DEFAULT: 'NONE_KNOWN',
} as const

export const assign: Command = {
  name: 'assign',
  takes: '<class> [<user id>...]',
  summary: 'put users into a class of service',
  about: [ABOUT_MANY, 'Nothing that is open or decided is touched.'],
  options: FILE,
  examples: [
    'assign reception alice bob',
    'assign reception --file users.txt',
    'assign reception < users.txt',
  ],
  async run(call) {
    const [className, ...ids] = call.positionals
    if (className === undefined) throw new UsageError('The name of the class is missing.')
    const users = await readUsers(ids, call)
    const { administration } = await call.store()
    const assigned = await inParts(users, call, async (part) => {
      const done = await assignClass(administration, { className, ...part })
      if (done === 'CLASS_NOT_FOUND') throw noSuchClass(className)
      return done.assigned
    })
    return { text: `${people(assigned)} now in "${className}".`, json: { className, users: assigned } }
  },
}

export const server: Command = {
  name: 'server',
  takes: `${Object.keys(SERVERS).join('|')} [<user id>...]`,
  summary: 'say which kind of server publishes the presence of users',
  about: [ABOUT_MANY, 'SITE_DEFAULT leaves it to what is set for the whole site.'],
  options: FILE,
  examples: ['server OCS_2007 alice bob', 'server SITE_DEFAULT --file users.txt'],
  async run(call) {
    const [kind = '', ...ids] = call.positionals
    if (!isServer(kind)) throw new UsageError(`The server is one of ${Object.keys(SERVERS).join(', ')}.`)
    const users = await readUsers(ids, call)
    const { administration } = await call.store()
    const set = await inParts(users, call, async (part) => {
      const done = await setPresenceServer(administration, { server: SERVERS[kind], ...part })
      return done.set
    })
    return { text: `${people(set)} now at ${kind}.`, json: { server: kind, users: set } }
  },
}

export const acceptAll: Command = {
  name: 'accept-all',
  takes: '<user id>',
  summary: 'allow every request that waits for a user',
  about: ['As if she had ticked them all. Each is recorded in the trail as an administrator’s act.'],
  options: {},
  examples: ['accept-all alice'],
  async run(call) {
    const presentity = onlyUser(call)
    const { id: actor } = call.actor
    if (actor === presentity)
      throw new Refused('Give another name with --as: the trail would show this as her own act.')
    const adapters = await call.store()
    let accepted = 0
    for (let hasMore = true; hasMore;) {
      const done = await acceptAllPending(adapters, { presentity, actor })
      accepted += done.accepted
      hasMore = done.hasMore
      if (hasMore) call.progress(`${String(accepted)} accepted`)
    }
    return { text: `${String(accepted)} requests accepted.`, json: { user: presentity, accepted } }
  },
}

/** The one user whom a command is about. */
export function onlyUser({ positionals: [user, surplus] }: Call) {
  if (surplus !== undefined) throw new UsageError('One user at a time: quote an id that holds spaces.')
  return requireUser('The user id', user)
}

function isServer(kind: string): kind is keyof typeof SERVERS {
  return Object.hasOwn(SERVERS, kind)
}

/**
 * Changes many users part by part, and rests after each for as long as it took: the service's users, whom the tool knows nothing of, find the
 * database free at least half of the time. Returns how many were changed.
 */
async function inParts(
  users: readonly UserId[],
  { actor, progress }: Call,
  change: (part: Users) => Promise<number>,
): Promise<number> {
  const distinct = [...new Set(users)].sort(compareBytes)
  let changed = 0
  for (let done = 0; done < distinct.length;) {
    const part = distinct.slice(done, done + MOST_IN_PART)
    const began = performance.now()
    changed += await change({ actor, users: part })
    done += part.length
    progress(`${String(done)} of ${String(distinct.length)}`)
    if (done < distinct.length) await rest(performance.now() - began)
  }
  return changed
}

function people(count: number): string {
  return count === 1 ? '1 user is' : `${String(count)} users are`
}
