/** What was read from the tables, row by row, as the facts that the service's decision takes. For those who read in their own way. */
import { load, policy, whatIsSeen } from './built.js'

const { NO_PAIR } = await load('domain/pair.js')

const millis = (at) => (at === null ? null : at.getTime())

/** What a viewer sees of one user, of whom there may be nothing: rows have camel-cased columns. */
export function seenBy(viewer, presentity, { now, watcherClass, site, user, userClass, pair }) {
  const presentities = new Map()
  if (user !== undefined) {
    presentities.set(presentity, {
      user: {
        preference: {
          appearOffline: user.appearOffline,
          manual:
            user.manualStatus === null
              ? null
              : { status: user.manualStatus, endsAt: millis(user.manualEndsAt) },
        },
        presenceServer: user.presenceServer === 'NONE_KNOWN' ? site.presenceServer : user.presenceServer,
        classOfService: {
          pendingShown: userClass.pendingShown,
          appearOfflineAllowed: userClass.appearOfflineAllowed,
        },
      },
      pair: pair === undefined ? NO_PAIR : pairOf(pair),
      sessions: user.sessions ?? [],
    })
  }
  const facts = { now, watcherClass: { invitationHandling: watcherClass.invitationHandling }, presentities }
  return whatIsSeen(facts, { presentity, watcher: viewer }, policy)
}

function pairOf(row) {
  return {
    edge: {
      state: row.edgeState,
      origin: row.edgeOrigin,
      since: millis(row.edgeSince),
      endsAt: millis(row.edgeEndsAt),
      replacedBlock: row.replacedBlock,
      shownWhenAsked: row.shownWhenAsked,
    },
    view: { access: row.viewAccess, endsAt: millis(row.viewEndsAt), cooldownMs: 0, coolsUntil: null },
    contactSince: millis(row.contactSince),
    watcherBlocksFrom: millis(row.watcherBlocksFrom),
  }
}
