import { requestAccess } from '../application/request-access.ts'
import { respondToRequests } from '../application/respond-to-requests.ts'
import { withdrawRequest } from '../application/withdraw-request.ts'
import { MAX_PRESENTED } from '../domain/answer.ts'
import type { AnswerFault } from '../domain/answer.ts'
import type { MutationResolvers } from '../generated/resolver-types.ts'
import { badInput, clientKeyReused } from './errors.ts'
import { clientToken, otherUsers, popupIds } from './input.ts'
import { accessResultOf } from './request-nodes.ts'

const MAX_ASKED = 100

export const requestMutations: Pick<
  MutationResolvers,
  'requestPresenceAccess' | 'withdrawPresenceRequest' | 'respondToRequests'
> = {
  requestPresenceAccess: async (_mutation, { input }, { services, viewer }) => {
    const { userId: watcher } = viewer()
    const { addToContacts } = input
    const results = await requestAccess(services.store, {
      watcher,
      presentities: otherUsers('userIds', input.userIds, { viewer: watcher, most: MAX_ASKED }),
      trigger: input.trigger ?? (addToContacts ? 'CONTACT_ADDED' : 'DIRECT'),
      addToContacts,
    })
    return {
      results: results.map(accessResultOf),
    }
  },

  withdrawPresenceRequest: async (_mutation, { input }, { services, viewer }) => {
    const withdrawn = await withdrawRequest(services.store, {
      watcher: viewer().userId,
      request: input.requestId,
    })
    return {
      outcome: withdrawn.outcome,
      user: 'presentity' in withdrawn ? { id: withdrawn.presentity } : null,
    }
  },

  respondToRequests: async (_mutation, { input }, { services, viewer }) => {
    const { addTickedToContacts, alwaysAccept, clientKey } = input
    const responded = await respondToRequests(services.store, {
      presentity: viewer().userId,
      presented: popupIds('presentedIds', input.presentedIds),
      ticked: popupIds('tickedIds', input.tickedIds),
      addTickedToContacts,
      alwaysAccept,
      clientKey: clientKey == null ? null : clientToken('clientKey', clientKey),
    })
    if ('refused' in responded) throw refusal(responded.refused)
    const { outcomes, contacts, alwaysAcceptRefused } = responded.answered
    return {
      outcomes: outcomes.map((of) => ({
        id: of.id,
        outcome: of.outcome,
        decision: 'verdict' in of ? of.verdict : null,
      })),
      contacts: contacts.map(({ user, outcome, asked }) => ({
        user: { id: user },
        outcome,
        asked: asked ? accessResultOf({ ...asked, contact: outcome }) : null,
      })),
      alwaysAcceptRefused,
    }
  },
}

function refusal(refused: AnswerFault | { fault: 'CLIENT_KEY_REUSED' }): Error {
  switch (refused.fault) {
    case 'NOTHING_PRESENTED':
      return badInput('presentedIds', 'Name the requests that the popup presented.')
    case 'TOO_MANY_PRESENTED':
      return badInput('presentedIds', `Answer at most ${String(MAX_PRESENTED)} requests at once.`)
    case 'TICKED_NOT_PRESENTED':
      return badInput('tickedIds', 'Only what is in presentedIds can be ticked. Nothing was applied.')
    case 'CLIENT_KEY_REUSED':
      return clientKeyReused('answer')
  }
}
