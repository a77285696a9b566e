import type { PresenceServer } from '../../domain/disclosure.ts'
import { UsageError, type Command } from '../command.ts'

const SERVERS = {
  OCS_2007: true,
  CONVERGED_CONFERENCING: true,
  NONE_KNOWN: true,
} as const satisfies Record<PresenceServer, true>
const NAMES = Object.keys(SERVERS)

export const site: Command = {
  name: 'site',
  takes: `[${NAMES.join('|')}]`,
  summary: 'show what holds for the whole site, or set its kind of presence server',
  about: [
    'The server counts for every user of whom none is set: see "server". Nothing that is open or decided is touched.',
  ],
  options: {},
  examples: ['site', 'site CONVERGED_CONFERENCING'],
  async run({ positionals: [presenceServer, surplus], store, actor }) {
    if (surplus !== undefined) throw new UsageError('One kind of server at a time.')
    if (presenceServer !== undefined && !isServer(presenceServer)) {
      throw new UsageError(`The server is one of ${NAMES.join(', ')}.`)
    }
    const { administration } = await store()
    if (presenceServer !== undefined) await administration.setSite({ actor, presenceServer })
    const settings = await administration.site()
    return {
      text: `The presence server of the site is ${settings.presenceServer}.`,
      json: { site: settings },
    }
  },
}

function isServer(name: string): name is PresenceServer {
  return Object.hasOwn(SERVERS, name)
}
