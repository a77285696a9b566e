import type { Random } from '../simulation/live-random.ts'
import { RESULT, SEEN, type World } from './hostile-world.ts'

/** What Wim does, in either world alike. */
export const WATCHERS_ACTS: Record<string, (world: World, random: Random) => Promise<string>> = {
  'looks at everything': ({ wim, pia, zoe, look }) => look(wim, [pia, zoe, wim]),
  'looks from the other end': ({ wim, pia, zoe, look }) => look(wim, [zoe, pia]),
  asks: ({ wim, pia, mutate }) =>
    mutate(wim, 'requestPresenceAccess', { userIds: [pia], trigger: 'DIRECT' }, `results { ${RESULT} }`),
  'asks several': ({ wim, pia, zoe, mutate }) =>
    mutate(
      wim,
      'requestPresenceAccess',
      { userIds: [zoe, pia], trigger: 'CALL', addToContacts: true },
      `results { ${RESULT} }`,
    ),
  'adds a contact': ({ wim, pia, mutate }) =>
    mutate(
      wim,
      'addPresenceContacts',
      { userIds: [pia] },
      `results { user { id } outcome asked { ${RESULT} } }`,
    ),
  'removes a contact': ({ wim, pia, mutate }) =>
    mutate(wim, 'removePresenceContacts', { userIds: [pia] }, 'results { user { id } outcome }'),
  'takes his request back': async ({ wim, pia, mutate, look }) => {
    const own = await look(wim, [pia])
    const { data } = JSON.parse(own) as {
      data: { presencePrivacy: { outgoingRequests: { edges: { node: { id: string } }[] } } }
    }
    const requestId =
      data.presencePrivacy.outgoingRequests.edges[0]?.node.id ?? '00000000-0000-4000-8000-000000000000'
    return mutate(wim, 'withdrawPresenceRequest', { requestId }, 'outcome')
  },
  blocks: ({ wim, pia, mutate }) =>
    mutate(
      wim,
      'decidePresenceAccess',
      { userIds: [pia], decision: 'BLOCKED' },
      `results { user { ${SEEN} } decision closedRequestId }`,
    ),
  allows: ({ wim, pia, zoe, mutate }) =>
    mutate(
      wim,
      'decidePresenceAccess',
      { userIds: [pia, zoe], decision: 'ALLOWED' },
      `results { user { ${SEEN} } decision closedRequestId }`,
    ),
  deletes: ({ wim, pia, mutate }) =>
    mutate(wim, 'deletePresenceDecisions', { userIds: [pia] }, `results { user { ${SEEN} } decision }`),
  'publishes by one of two devices': ({ wim, mutate }, random) =>
    mutate(
      wim,
      'publishPresence',
      {
        sessionId: random.pick(['desk', 'phone']),
        status: random.pick(['AVAILABLE', 'DO_NOT_DISTURB']),
        leaseSeconds: 3600,
      },
      'session { id }',
    ),
  hides: ({ wim, mutate }, random) =>
    mutate(wim, 'setPresencePreference', { appearOffline: random.chance(0.5) }, 'refused { field reason }'),
  'is put into a class that prompts': async ({ watchersClass, mutate }, random) => {
    const invitationHandling = random.chance(0.5) ? 'PROMPT' : 'USER_DEFINED'
    return mutate(
      'root',
      'updatePresenceClassOfService',
      { name: watchersClass, invitationHandling },
      'outcome',
      ['administrator'],
    )
  },
  'is reported to have called': ({ wim, pia, mutate }, random) =>
    mutate(
      'telephony',
      'reportCommunicationAttempts',
      {
        attempts: [{ callerId: wim, calleeId: pia, kind: 'CALL' }],
        clientKey: `k${String(random.between(0, 2))}-${wim.slice(-8)}`,
      },
      'outcomes',
      ['service'],
    ),
  'writes by a service that asks first': ({ wim, pia, say }) =>
    say(
      'im',
      'query ($pairs: [MessagingPairInput!]!) { presenceMessaging { decisions(pairs: $pairs) { senderOutcome } } }',
      { pairs: [{ senderId: wim, recipientId: pia }] },
      ['service'],
    ),
  'zoe moves': async ({ zoe, mutate }, random) => {
    const status = random.pick(['BUSY', 'AWAY', 'AVAILABLE'] as const)
    await mutate(
      zoe,
      'publishPresence',
      { sessionId: 'desk', status, note: 'zoe', leaseSeconds: 3600 },
      'session { id }',
    )
    return ''
  },
}

/** What Pia, her administrator and her services do, and he must not learn. None of it lets him in. */
export const SECRETS: Record<string, (world: World, random: Random) => Promise<unknown>> = {
  blocks: ({ pia, wim, mutate }) =>
    mutate(pia, 'decidePresenceAccess', { userIds: [wim], decision: 'BLOCKED' }, 'results { decision }'),
  deletes: ({ pia, wim, mutate }) =>
    mutate(pia, 'deletePresenceDecisions', { userIds: [wim] }, 'results { decision }'),
  'answers no': async ({ pia, mutate, say }) => {
    const { data } = JSON.parse(
      await say(pia, '{ presencePrivacy { incomingRequests { nodes { id } } } }'),
    ) as {
      data: { presencePrivacy: { incomingRequests: { nodes: { id: string }[] } } }
    }
    const presentedIds = data.presencePrivacy.incomingRequests.nodes.map(({ id }) => id)
    if (presentedIds.length > 0)
      await mutate(pia, 'respondToRequests', { presentedIds, tickedIds: [] }, 'outcomes { outcome }')
  },
  'hides and publishes': async ({ pia, mutate }, random) => {
    await mutate(pia, 'setPresencePreference', { appearOffline: true }, 'refused { field }')
    const status = random.pick(['BUSY', 'AVAILABLE'] as const)
    return mutate(
      pia,
      'publishPresence',
      { sessionId: random.pick(['desk', 'phone']), status, note: 'secret', leaseSeconds: 600 },
      'session { id }',
    )
  },
  'ends a session': ({ pia, mutate }) => mutate(pia, 'endPresenceSession', { sessionId: 'desk' }, 'ended'),
  'is put into a class': ({ pia, presentitysClass, mutate }) =>
    mutate(
      'root',
      'assignPresenceClassOfService',
      { className: presentitysClass, userIds: [pia] },
      'outcome',
      ['administrator'],
    ),
  'has a class that forbids to hide, or allows it': ({ presentitysClass: name, mutate }, random) =>
    mutate(
      'root',
      'updatePresenceClassOfService',
      { name, appearOfflineAllowed: random.chance(0.5) },
      'outcome',
      ['administrator'],
    ),
  'is published for': ({ pia, mutate }) =>
    mutate(
      'ocs',
      'publishPresenceFor',
      { sessions: [{ userId: pia, sessionId: 'line', status: 'BUSY', note: 'secret', leaseSeconds: 600 }] },
      'results { outcome }',
      ['service'],
    ),
}
/** Once he has been let in, she stays hidden by these alone, from before she is ever connected. */
export const SECRETS_OF_ONE_WHO_HAS_ALLOWED = ['blocks', 'deletes'] as const
