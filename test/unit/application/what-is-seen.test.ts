import { expect, it } from 'vitest'
import type { SightFacts, SightOfPresentity } from '../../../src/application/sight-facts.ts'
import { whatIsSeen } from '../../../src/application/what-is-seen.ts'
import { NO_EDGE } from '../../../src/domain/edge.ts'
import { NO_PAIR } from '../../../src/domain/pair.ts'
import { OFFLINE } from '../../../src/domain/presence.ts'
import { newUser } from '../../support/new-user.ts'
import { POLICY } from '../../support/policy.ts'
import { DEFAULT_CLASS } from '../../support/storage.ts'

const NOW = 1_000_000
const USER: SightOfPresentity['user'] = {
  preference: { appearOffline: false, manual: null },
  presenceServer: 'NONE_KNOWN',
  classOfService: DEFAULT_CLASS,
  appearOfflineForbiddenAt: null,
}
const HIDING = { ...USER, preference: { appearOffline: true, manual: null } }
const [PIA, WIM] = [newUser('pia'), newUser('wim')]

/** What is seen of pia, and how often what her devices say was read for it. */
function seen({ watcher = WIM, ...of }: { watcher?: typeof WIM } & Partial<SightOfPresentity>) {
  let read = 0
  const presentity: SightOfPresentity = {
    user: USER,
    pair: { ...NO_PAIR, edge: { ...NO_EDGE, state: 'ALLOWED' } },
    ...of,
    get sessions() {
      read += 1
      return []
    },
  }
  const facts: SightFacts = {
    now: NOW,
    watcherClass: DEFAULT_CLASS,
    presentities: new Map([[PIA, presentity]]),
  }
  const { presence } = whatIsSeen(facts, { presentity: PIA, watcher }, POLICY.policy)
  return { presence, read }
}

it('what devices say is read once where the presence is shown, and never where it is hidden', () => {
  expect(seen({})).toEqual({ presence: OFFLINE, read: 1 })
  expect(seen({ pair: NO_PAIR })).toEqual({ presence: OFFLINE, read: 0 })
  expect(seen({ pair: { ...NO_PAIR, edge: { ...NO_EDGE, state: 'BLOCKED' } } }).read).toBe(0)
})

it('what the devices of a user who appears offline say is read for that user alone', () => {
  expect(seen({ user: HIDING })).toEqual({ presence: OFFLINE, read: 0 })
  expect(seen({ user: HIDING, watcher: PIA }).read).toBe(1)
})
