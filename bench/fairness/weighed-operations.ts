import { victims } from './scene.ts'

/** A kind of operation that has a weight of its own. */
export type Weighed = {
  readonly name: string
  readonly caller: 'user' | 'service' | 'administrator'
  /** What the n-th of them sends. */
  readonly queryOf: (turn: number) => string
  readonly variables: (turn: number) => Record<string, unknown>
}

const PRESENCE = 'presence { status activity note }'
const ENTITIES = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { id ${PRESENCE} } } }`
const representations = (count: number) => ({ r: victims(count).map((id) => ({ __typename: 'User', id })) })
const times = (count: number, part: (place: number) => string): string =>
  Array.from({ length: count }, (_, place) => part(place)).join(' ')
const wide = times(29, (place) => `a${String(place)}: presenceAccess`)

function of(
  caller: Weighed['caller'],
  name: string,
  query: string | ((turn: number) => string),
  variables: Record<string, unknown> | ((turn: number) => Record<string, unknown>) = {},
): Weighed {
  return {
    ...{ name, caller },
    queryOf: typeof query === 'string' ? () => query : query,
    variables: typeof variables === 'function' ? variables : () => variables,
  }
}

const aliases = (count: number, field: string): string =>
  times(count, (place) => `a${String(place)}: ${field}`)
const privacy = (inside: string): string => `{ presencePrivacy { ${inside} } }`
const administration = (inside: string): string => `{ presencePrivacyAdministration { ${inside} } }`
const mutation = (name: string, answer: string): string => {
  const input = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  return `mutation ($i: ${input}!) { ${name}(input: $i) { ${answer} } }`
}
const PAIRS = (inside: string): string =>
  `query ($p: [MessagingPairInput!]!) { presenceMessaging { ${inside} } }`
const pairs = (count: number) => ({
  p: victims(count).map((senderId, place) => ({ senderId, recipientId: victims(1, 3000 + place)[0] })),
})
const DECISIONS = 'decisions(first: 50) { nodes { user { id } state } }'
const SETTINGS = 'user(id: "bystander1") { presenceServer }'
const contacts = (first: number) =>
  `contacts(first: ${String(first)}) { nodes { user { id } presence { status } } }`
const either = <Value>(turn: number, one: Value, other: Value): Value => (turn % 2 === 0 ? one : other)
const sessionsOf = (status?: string) => ({
  i: {
    sessions: victims(500, 2000).map((userId) => ({
      ...{ userId, sessionId: 'pbx', leaseSeconds: 3600 },
      ...(status !== undefined && { status }),
    })),
  },
})
const decide = (count: number) => (turn: number) => ({
  i: { userIds: victims(count), decision: either(turn, 'ALLOWED', 'BLOCKED') },
})
const attempts = (turn: number) => ({
  i: {
    attempts: victims(100, 6000 + (turn % 20) * 100).map((calleeId, other) => ({
      ...{ callerId: victims(1, 9000 + other)[0], calleeId, kind: 'CALL' },
    })),
  },
})

export const operations: readonly Weighed[] = [
  of('user', 'nothing', '{ __typename }'),
  of('user', '1 entity', ENTITIES, representations(1)),
  of('user', '50 entities', ENTITIES, representations(50)),
  of('user', '1,000 entities', ENTITIES, representations(1000)),
  of('user', '1,000 entities of 30 fields', ENTITIES.replace(PRESENCE, wide), representations(1000)),
  of('user', 'own presence', privacy('presence { status }')),
  of('user', '64 times own presence', `{ ${aliases(64, 'presencePrivacy { presence { status } }')} }`),
  of('user', 'the contact list', privacy(contacts(500))),
  of('user', '1 contact of the list', privacy(contacts(1))),
  of('user', 'a page of 50 decisions', privacy(DECISIONS)),
  of('user', '10 pages of 50 decisions', privacy(aliases(10, DECISIONS))),
  of('user', 'a new document of 1,400 characters', (turn) =>
    privacy(aliases(80, 'user { id }')).replace('{', `query New${String(turn)} {`),
  ),
  of('user', 'a publication', mutation('publishPresence', 'renewAfterSeconds'), (turn) => ({
    i: { sessionId: 'desk', status: either(turn, 'BUSY', 'AVAILABLE'), leaseSeconds: 600 },
  })),
  of('user', 'a renewal', mutation('renewPresenceSession', 'renewed'), { i: { sessionId: 'desk' } }),
  of('user', 'a decision about 1 user', mutation('decidePresenceAccess', 'results { decision }'), decide(1)),
  of('user', 'one about 500', mutation('decidePresenceAccess', 'results { decision }'), decide(500)),
  of('service', '1 pair', PAIRS('decisions(pairs: $p) { permitted }'), pairs(1)),
  of('service', '64 times 1 pair', PAIRS(aliases(64, 'decisions(pairs: $p) { permitted }')), pairs(1)),
  of('service', '500 pairs', PAIRS('decisions(pairs: $p) { permitted }'), pairs(500)),
  of('service', '500 publications', mutation('publishPresenceFor', 'results { outcome }'), (turn) =>
    sessionsOf(either(turn, 'BUSY', 'AVAILABLE')),
  ),
  of('service', '500 renewals', mutation('renewPresenceSessionsFor', 'results { outcome }'), sessionsOf()),
  of('service', '100 attempts', mutation('reportCommunicationAttempts', 'outcomes'), attempts),
  of('administrator', 'all classes', administration('classesOfService { classOfService { name } }')),
  of('administrator', 'the users of all classes', administration('classesOfService { assignedUsers }')),
  of('administrator', 'the settings of a user', administration(SETTINGS)),
  of('administrator', '64 times these', administration(aliases(64, SETTINGS))),
  of('administrator', 'a class for 1,000', mutation('assignPresenceClassOfService', 'outcome'), (turn) => ({
    i: { userIds: victims(1000, 10_000), className: either(turn, 'one', 'other') },
  })),
  of(
    'administrator',
    '500 lines of the trail',
    '{ presencePrivacyAudit { trail(first: 500) { nodes { presentityId watcherId cause } } } }',
  ),
  of(
    'administrator',
    '500 lines of an export',
    '{ exportPresenceUser(userId: "attacker", first: 500) { lines } }',
  ),
]
