import { eraseUser } from '../../src/application/erase-user.ts'
import { addContactsAndAsk, removeContacts } from '../../src/application/manage-contacts.ts'
import { decideAccess, deleteDecisions } from '../../src/application/manage-decisions.ts'
import { UserErased } from '../../src/application/ports.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { respondToRequests } from '../../src/application/respond-to-requests.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { removeEndedSessions, settleWhatHasEnded } from '../../src/application/sweep.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { ROOT } from '../support/administrators.ts'
import type { Storage } from '../support/storage.ts'
import type { Act } from './live-acts.ts'

const RUNNING = new AbortController().signal

/** What users, administrators and services do: all but what happens to instances and streams. */
export type Deed = Exclude<
  Act,
  { act: 'open' | 'close' | 'look away' | 'reads become' | 'signals become' | 'crash' }
>

/** In one class, requests end soon. */
export const REQUEST_LIFETIME_MS = 2000

/** What a deed is done with. */
export type Place = {
  readonly storage: Storage
  readonly users: readonly UserId[]
  /** The storage's clock. */
  readonly now: () => number
  /** Something may end so long from now. */
  readonly endsIn: (ms: number) => void
  /** A word that nothing else was published with. */
  readonly newNote: () => string
}

export async function doDeed(place: Place, deed: Deed): Promise<void> {
  try {
    await done(place, deed)
  } catch (error) {
    if (!(error instanceof UserErased)) throw error
  }
}

async function done({ storage, users, now, endsIn, newNote }: Place, deed: Deed): Promise<unknown> {
  const { privacy, sessions, administration, lists } = storage
  const who = (number: number): UserId => users[number]!
  const endOf = (forMs: number | null): number | null => {
    if (forMs === null) return null
    endsIn(forMs)
    return now() + forMs
  }
  switch (deed.act) {
    case 'publish': {
      const { user, device, status, leaseMs, inactiveForMs } = deed
      for (const ms of [leaseMs, 300_000 - inactiveForMs, 900_000 - inactiveForMs]) endsIn(ms)
      // The lease of one who renews may be the longer one of the two that he asked for.
      endsIn(Math.round(leaseMs * 1.1))
      return publishPresence(storage, {
        user: who(user),
        session: device,
        status,
        activity: null,
        note: newNote(),
        leaseMs,
        inactiveForMs,
      })
    }
    case 'renew': {
      const { user, device: id, leaseMs } = deed
      endsIn(leaseMs)
      return sessions.renew({ user: who(user), id, said: null, inactiveForMs: 0, leaseMs })
    }
    case 'end':
      return sessions.end({ user: who(deed.user), id: deed.device })
    case 'set by hand': {
      const { user, status, forMs } = deed
      const manual = status === null ? null : { status, endsAt: endOf(forMs) }
      return setPreference(privacy, { user: who(user), change: { manual } })
    }
    case 'appear offline':
      return setPreference(privacy, { user: who(deed.user), change: { appearOffline: deed.hidden } })
    case 'choose handling':
      return setPreference(privacy, { user: who(deed.user), change: { invitationHandling: deed.handling } })
    case 'ask': {
      const { watcher, presentity, trigger, addToContacts } = deed
      endsIn(REQUEST_LIFETIME_MS)
      return requestAccess(privacy, {
        watcher: who(watcher),
        presentities: [who(presentity)],
        trigger,
        addToContacts,
      })
    }
    case 'withdraw': {
      const watcher = who(deed.watcher)
      const asked = await lists.asked({ watcher, page: { first: 100, after: null } })
      const found = asked.items.find(({ presentity }) => presentity === who(deed.presentity))
      return found && withdrawRequest(privacy, { watcher, request: found.request.id })
    }
    case 'answer': {
      const presentity = who(deed.user)
      const { requests } = await lists.popup({ presentity, limit: 100, known: [] })
      const presented = requests.map(({ item }) => item.id)
      endsIn(REQUEST_LIFETIME_MS)
      return respondToRequests(privacy, {
        presentity,
        presented,
        ticked: deed.tick ? presented : [],
        addTickedToContacts: deed.addToContacts,
        alwaysAccept: false,
        clientKey: null,
      })
    }
    case 'allow': {
      const { presentity, watcher, forMs } = deed
      return decideAccess(privacy, {
        presentity: who(presentity),
        watchers: [who(watcher)],
        verdict: 'ALLOWED',
        endsAt: endOf(forMs),
      })
    }
    case 'block': {
      const { presentity, watcher } = deed
      return decideAccess(privacy, {
        presentity: who(presentity),
        watchers: [who(watcher)],
        verdict: 'BLOCKED',
        endsAt: null,
      })
    }
    case 'delete':
      return deleteDecisions(privacy, { presentity: who(deed.presentity), watchers: [who(deed.watcher)] })
    case 'add contact':
      endsIn(REQUEST_LIFETIME_MS)
      return addContactsAndAsk(privacy, { watcher: who(deed.watcher), presentities: [who(deed.presentity)] })
    case 'remove contact':
      return removeContacts(privacy, { watcher: who(deed.watcher), presentities: [who(deed.presentity)] })
    case 'change class': {
      const { name, settings } = deed
      return administration.changeClass({ actor: ROOT, name, settings })
    }
    case 'assign class':
      return administration.assignClass({ actor: ROOT, users: [who(deed.user)], className: deed.name })
    case 'set server': {
      const { user, server } = deed
      return user === 'SITE'
        ? administration.setSite({ actor: ROOT, presenceServer: server })
        : administration.setPresenceServer({ actor: ROOT, users: [who(user)], server })
    }
    case 'erase':
      return eraseUser(storage.records, { user: who(deed.user), actor: ROOT })
    case 'sweep':
      await settleWhatHasEnded({ store: privacy, leftovers: storage.leftovers }, RUNNING)
      return removeEndedSessions(storage, RUNNING)
  }
}
