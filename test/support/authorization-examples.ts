import { newUser } from './new-user.ts'
import type { Told } from './told.ts'

/** Who sends an operation: the columns of the table in docs/authorization.md. */
export const CALLERS = [
  'nobody',
  'user',
  'other user',
  'administrator',
  'service',
  'auditor',
  'no user',
  'expired',
] as const
export type Caller = (typeof CALLERS)[number]

/** Sends an operation as a user without roles, and returns its data. */
export type As = (user: string, query: string, variables?: Told) => Promise<Told>

/** One operation, about one user: `pia`. */
export type Example = {
  readonly document: string
  /** What has to be there first; returns the variables. */
  readonly variables?: (about: { readonly pia: string; readonly as: As }) => Promise<Told> | Told
  /** What an answer without errors amounts to; left out, it is `allowed`. */
  readonly outcome?: (data: Told, of: { readonly pia: string; readonly caller: string }) => string
}

const REQUEST =
  'mutation ($input: RequestPresenceAccessInput!) { requestPresenceAccess(input: $input) { results { access request { id } } } }'
const PUBLISH =
  'mutation ($input: PublishPresenceInput!) { publishPresence(input: $input) { session { id } presencePrivacy { user { id } } } }'
const OWN = '{ presencePrivacy { user { id } incomingRequests { nodes { id } } } }'

const input = (value: Told): Told => ({ input: value })
const aboutPia = ({ pia }: { pia: string }): Told => input({ userIds: [pia] })
const aboutSomebody = (more: Told = {}) => input({ userIds: [newUser('somebody')], ...more })

async function connect({ pia, as }: { pia: string; as: As }): Promise<void> {
  await as(pia, PUBLISH, input({ status: 'BUSY', sessionId: 'desk' }))
}

/** Somebody asks pia; returns the id that her popup shows. */
async function askPia({ pia, as }: { pia: string; as: As }): Promise<string> {
  await as(newUser('watcher'), REQUEST, aboutPia({ pia }))
  const { presencePrivacy } = await as(pia, OWN)
  return presencePrivacy.incomingRequests.nodes[0].id as string
}

/** Pia asks somebody; returns the id by which she may take it back. */
async function askedByPia({ pia, as }: { pia: string; as: As }): Promise<string> {
  const { requestPresenceAccess } = await as(pia, REQUEST, aboutSomebody())
  return requestPresenceAccess.results[0].request.id as string
}

/** Of what belongs to whoever asks: it is his, and nobody else's. */
const own: NonNullable<Example['outcome']> = (data, { caller }) => {
  const [payload] = Object.values(data) as [Told]
  const { user } = payload['presencePrivacy'] ?? payload
  return user.id === caller ? 'own' : `of ${user.id as string}`
}

function ofUser(selection: string, outcome: (user: Told) => string): Example {
  return {
    document: `query ($id: ID!) { _entities(representations: [{ __typename: "User", id: $id }]) { ... on User { ${selection} } } }`,
    variables: async (about) => {
      await connect(about)
      return { id: about.pia }
    },
    outcome: ({ _entities }) => outcome(_entities[0] as Told),
  }
}

/** An example of every operation, under its coordinate in the schema. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  'Query._service': { document: '{ _service { sdl } }' },
  'Query.presencePrivacy': { document: OWN, outcome: own },
  'Query.presencePrivacyAdministration': {
    document: '{ presencePrivacyAdministration { site { presenceServer } } }',
  },
  'Query.presenceMessaging': {
    document:
      'query ($pairs: [MessagingPairInput!]!) { presenceMessaging { decisions(pairs: $pairs) { permitted } } }',
    variables: ({ pia }) => ({ pairs: [{ senderId: pia, recipientId: newUser() }] }),
  },

  'User.id': ofUser('id', () => 'allowed'),
  'User.presence': ofUser('presence { status }', ({ presence }) => presence.status as string),
  'User.presenceAccess': ofUser('presenceAccess', ({ presenceAccess }) => presenceAccess as string),
  'User.canBeMessaged': ofUser('canBeMessaged', ({ canBeMessaged }) => String(canBeMessaged)),

  'Mutation.publishPresence': {
    document: PUBLISH,
    variables: () => input({ status: 'BUSY' }),
    outcome: own,
  },
  'Mutation.renewPresenceSession': {
    document:
      'mutation ($input: RenewPresenceSessionInput!) { renewPresenceSession(input: $input) { renewed presencePrivacy { user { id } } } }',
    variables: async (about) => {
      await connect(about)
      return input({ sessionId: 'desk' })
    },
    outcome: ({ renewPresenceSession }) => (renewPresenceSession.renewed ? 'allowed' : 'NOT_FOUND'),
  },
  'Mutation.endPresenceSession': {
    document:
      'mutation ($input: EndPresenceSessionInput!) { endPresenceSession(input: $input) { ended presencePrivacy { user { id } } } }',
    variables: async (about) => {
      await connect(about)
      return input({ sessionId: 'desk' })
    },
    outcome: ({ endPresenceSession }) => (endPresenceSession.ended ? 'allowed' : 'NOT_FOUND'),
  },
  'Mutation.setPresencePreference': {
    document:
      'mutation ($input: SetPresencePreferenceInput!) { setPresencePreference(input: $input) { presencePrivacy { user { id } } } }',
    variables: () => input({ appearOffline: true }),
    outcome: own,
  },
  'Mutation.requestPresenceAccess': {
    document: REQUEST,
    variables: () => aboutSomebody(),
  },
  'Mutation.withdrawPresenceRequest': {
    document:
      'mutation ($input: WithdrawPresenceRequestInput!) { withdrawPresenceRequest(input: $input) { outcome } }',
    variables: async (about) => input({ requestId: await askedByPia(about) }),
    outcome: ({ withdrawPresenceRequest: { outcome } }) =>
      outcome === 'WITHDRAWN' ? 'allowed' : (outcome as string),
  },
  'Mutation.respondToRequests': {
    document:
      'mutation ($input: RespondToRequestsInput!) { respondToRequests(input: $input) { outcomes { outcome } } }',
    variables: async (about) => input({ presentedIds: [await askPia(about)], tickedIds: [] }),
    outcome: ({ respondToRequests: { outcomes } }) =>
      outcomes[0].outcome === 'APPLIED' ? 'allowed' : (outcomes[0].outcome as string),
  },
  'Mutation.decidePresenceAccess': {
    document:
      'mutation ($input: DecidePresenceAccessInput!) { decidePresenceAccess(input: $input) { results { decision } } }',
    variables: () => aboutSomebody({ decision: 'BLOCKED' }),
  },
  'Mutation.deletePresenceDecisions': {
    document:
      'mutation ($input: DeletePresenceDecisionsInput!) { deletePresenceDecisions(input: $input) { results { decision } } }',
    variables: () => aboutSomebody(),
  },
  'Mutation.acceptAllPendingRequests': {
    document: 'mutation { acceptAllPendingRequests { acceptedCount presencePrivacy { user { id } } } }',
    variables: async (about) => {
      await askPia(about)
      return {}
    },
    outcome: (data, of) =>
      data['acceptAllPendingRequests'].acceptedCount === Number(of.caller === of.pia)
        ? own(data, of)
        : 'wrong',
  },
  'Mutation.addPresenceContacts': {
    document:
      'mutation ($input: AddPresenceContactsInput!) { addPresenceContacts(input: $input) { presencePrivacy { user { id } } } }',
    variables: () => aboutSomebody(),
    outcome: own,
  },
  'Mutation.removePresenceContacts': {
    document:
      'mutation ($input: RemovePresenceContactsInput!) { removePresenceContacts(input: $input) { presencePrivacy { user { id } } } }',
    variables: () => aboutSomebody(),
    outcome: own,
  },

  'Mutation.createPresenceClassOfService': {
    document:
      'mutation ($input: CreatePresenceClassOfServiceInput!) { createPresenceClassOfService(input: $input) { outcome } }',
    variables: () => input({ name: newUser('class') }),
  },
  'Mutation.updatePresenceClassOfService': {
    document:
      'mutation ($input: UpdatePresenceClassOfServiceInput!) { updatePresenceClassOfService(input: $input) { outcome } }',
    variables: () => input({ name: 'default' }),
  },
  'Mutation.assignPresenceClassOfService': {
    document:
      'mutation ($input: AssignPresenceClassOfServiceInput!) { assignPresenceClassOfService(input: $input) { outcome } }',
    variables: ({ pia }) => input({ userIds: [pia], className: 'default' }),
  },
  'Mutation.setPresenceServer': {
    document:
      'mutation ($input: SetPresenceServerInput!) { setPresenceServer(input: $input) { users { presenceServer } } }',
    variables: ({ pia }) => input({ userIds: [pia], server: 'OCS_2007' }),
  },
  'Mutation.setPresenceSiteSettings': {
    document:
      'mutation ($input: SetPresenceSiteSettingsInput!) { setPresenceSiteSettings(input: $input) { site { presenceServer } } }',
    variables: () => input({ presenceServer: 'NONE_KNOWN' }),
  },
  'Mutation.acceptAllPendingRequestsOfUser': {
    document:
      'mutation ($input: AcceptAllPendingRequestsOfUserInput!) { acceptAllPendingRequestsOfUser(input: $input) { acceptedCount } }',
    variables: async (about) => {
      await askPia(about)
      return input({ userId: about.pia })
    },
    outcome: (data) => (data['acceptAllPendingRequestsOfUser'].acceptedCount === 1 ? 'allowed' : 'wrong'),
  },

  'Query.presencePrivacyAudit': {
    document:
      'query ($id: ID) { presencePrivacyAudit { trail(presentityId: $id) { nodes { cause } } administrativeActs(userId: $id) { nodes { act } } usersOfAdministrativeAct(actId: "AAAAAAAAAAAAAAAAAAAAAA") { userIds } } }',
    variables: ({ pia }) => ({ id: pia }),
  },
  'Query.exportPresenceUser': {
    document: 'query ($id: ID!) { exportPresenceUser(userId: $id) { lines } }',
    variables: ({ pia }) => ({ id: pia }),
  },
  'Mutation.erasePresenceUser': {
    document:
      'mutation ($input: ErasePresenceUserInput!) { erasePresenceUser(input: $input) { erasedUserId } }',
    variables: ({ pia }) => input({ userId: pia }),
  },

  'Mutation.reportCommunicationAttempts': {
    document:
      'mutation ($input: ReportCommunicationAttemptsInput!) { reportCommunicationAttempts(input: $input) { outcomes } }',
    variables: ({ pia }) => input({ attempts: [{ callerId: pia, calleeId: newUser(), kind: 'CALL' }] }),
  },
  'Mutation.publishPresenceFor': {
    document:
      'mutation ($input: PublishPresenceForInput!) { publishPresenceFor(input: $input) { results { outcome } } }',
    variables: ({ pia }) => input({ sessions: [{ userId: pia, sessionId: 'line', status: 'BUSY' }] }),
  },
  'Mutation.renewPresenceSessionsFor': {
    document:
      'mutation ($input: RenewPresenceSessionsForInput!) { renewPresenceSessionsFor(input: $input) { results { outcome } } }',
    variables: ({ pia }) => input({ sessions: [{ userId: pia, sessionId: 'line' }] }),
  },
  'Mutation.endPresenceSessionsFor': {
    document:
      'mutation ($input: EndPresenceSessionsForInput!) { endPresenceSessionsFor(input: $input) { outcomes } }',
    variables: ({ pia }) => input({ sessions: [{ userId: pia, sessionId: 'line' }] }),
  },

  'Subscription.presenceUpdates': {
    document:
      'subscription ($id: ID!) { presenceUpdates(userIds: [$id]) { presences { presence { status } } } }',
    variables: async (about) => {
      await connect(about)
      return { id: about.pia }
    },
    outcome: ({ presenceUpdates: { presences } }) => String(presences[0].presence.status),
  },
  'Subscription.incomingPresenceRequests': {
    document: 'subscription { incomingPresenceRequests { change requests { id } } }',
    variables: async (about) => {
      await askPia(about)
      return {}
    },
    outcome: ({ incomingPresenceRequests: { requests } }, of) =>
      requests.length === Number(of.caller === of.pia) ? 'own' : 'wrong',
  },
}
