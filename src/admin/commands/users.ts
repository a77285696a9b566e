import { acceptAllPending } from '../../application/accept-all-pending.ts'
import { assignClass, setPresenceServer, type Users } from '../../application/administer-users.ts'
import type { UserId } from '../../domain/user-id.ts'
import { Refused, UsageError, type Call, type Command, type Option } from '../command.ts'
import { readUsers, requireUser } from '../user-ids.ts'
import { noSuchClass } from './classes.ts'

const FILE: Record<string, Option> = {
  file: { type: 'string', value: '<path>', help: 'ids, one a line, in UTF-8; - is standard input' },
}
const ABOUT_MANY =
  'All of the users are changed or none; whoever was erased is left out and not counted. Without ids and --file, ids are read from standard input, one a line; 100,000 take seconds.'

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
    const done = await assignClass(administration, { className, ...manyUsers(users, call) })
    if (done === 'CLASS_NOT_FOUND') throw noSuchClass(className)
    const { assigned } = done
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
    const { set } = await setPresenceServer(administration, {
      server: SERVERS[kind],
      ...manyUsers(users, call),
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

function manyUsers(users: readonly UserId[], { actor, progress }: Call): Users {
  return {
    ...{ actor, users },
    onProgress: ({ done, of }) => progress(`${String(done)} of ${String(of)}`),
  }
}

function people(count: number): string {
  return count === 1 ? '1 user is' : `${String(count)} users are`
}
