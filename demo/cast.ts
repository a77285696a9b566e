import { parseUserId } from '../src/domain/user-id.ts'
import { signDevelopmentToken, type DevelopmentKey } from '../src/identity/development-key.ts'
import { askGraphQL } from '../test/support/post-graphql.ts'

/** The longest lease that the API grants, and when the sessions are renewed: long before it ends. */
const LEASE_SECONDS = 3600
const RENEW_EVERY_MS = 20 * 60_000
const SESSION_ID = 'demo'
const TOKEN_LIFETIME_SECONDS = 12 * 3600

/** What each user's device says. Heidi has none: she is offline in truth. */
const ON_AIR = {
  alice: { status: 'AVAILABLE', note: 'At my desk' },
  bob: { status: 'BUSY', activity: 'IN_A_MEETING', note: 'Back at 3' },
  carol: { status: 'AVAILABLE' },
  dave: { status: 'AVAILABLE' },
  erin: { status: 'AWAY', note: 'Getting coffee' },
  frank: { status: 'DO_NOT_DISTURB', activity: 'PRESENTING' },
  grace: { status: 'IDLE' },
} as const

export type Member = keyof typeof ON_AIR

type Tokens = Readonly<Record<Member, string>>

/** The endpoint of the subgraph, and a token for each who takes part. */
export type Stage = { readonly url: string; readonly tokens: Tokens }

export type WaitingRequest = { readonly id: string; readonly requester: { readonly id: string } }

export async function tokensFor(key: DevelopmentKey): Promise<Tokens> {
  const tokens = Object.keys(ON_AIR).map(async (member) => {
    const userId = parseUserId(member)
    if (userId === undefined) throw new Error(`${member} is no user id`)
    const token = await signDevelopmentToken(key, {
      userId,
      roles: [],
      lifetimeSeconds: TOKEN_LIFETIME_SECONDS,
    })
    return [member, token] as const
  })
  return Object.fromEntries(await Promise.all(tokens)) as Tokens
}

/**
 * Plays what happened before the curtain: Bob allowed Alice, Carol refused her, Dave has not answered her, Alice allowed Grace;
 * Erin and Frank wait for her. May be played again on the same database, with the same result.
 */
export async function setTheScene(stage: Stage): Promise<readonly WaitingRequest[]> {
  await publishAll(stage)
  await act(stage, 'bob', DECIDE, { input: { userIds: ['alice'], decision: 'ALLOWED' } })
  await act(stage, 'carol', DECIDE, { input: { userIds: ['alice'], decision: 'BLOCKED' } })
  await act(stage, 'dave', FORGET, { input: { userIds: ['alice'] } })
  await act(stage, 'alice', ASK, { input: { userIds: ['dave'] } })

  await act(stage, 'alice', PROMPT_ME)
  await act(stage, 'alice', FORGET, { input: { userIds: ['erin', 'frank', 'grace'] } })
  await act(stage, 'grace', ASK, { input: { userIds: ['alice'], trigger: 'CALL' } })
  const fromGrace = (await waitingFor(stage, 'alice')).filter(({ requester }) => requester.id === 'grace')
  const ids = fromGrace.map(({ id }) => id)
  await act(stage, 'alice', RESPOND, { input: { presentedIds: ids, tickedIds: ids } })
  await act(stage, 'erin', ASK, { input: { userIds: ['alice'], addToContacts: true } })
  await act(stage, 'frank', ASK, { input: { userIds: ['alice'], trigger: 'INSTANT_MESSAGE' } })
  return await waitingFor(stage, 'alice')
}

/** Keeps all devices connected. Returns what ends that; the sessions then end with their leases. */
export function keepOnAir(stage: Stage, onFailure: (error: unknown) => void): () => void {
  const timer = setInterval(() => void publishAll(stage).catch(onFailure), RENEW_EVERY_MS)
  return () => clearInterval(timer)
}

async function publishAll(stage: Stage): Promise<void> {
  for (const [member, says] of Object.entries(ON_AIR)) {
    const input = { sessionId: SESSION_ID, leaseSeconds: LEASE_SECONDS, ...says }
    await act(stage, member as Member, PUBLISH, { input })
  }
}

async function waitingFor(stage: Stage, member: Member): Promise<readonly WaitingRequest[]> {
  const { presencePrivacy } = await act<{
    presencePrivacy: { incomingRequests: { nodes: WaitingRequest[] } }
  }>(stage, member, WAITING)
  return presencePrivacy.incomingRequests.nodes
}

async function act<Data>(
  { url, tokens }: Stage,
  member: Member,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Data> {
  return await askGraphQL<Data>(url, { query, variables, token: tokens[member] })
}

const PUBLISH = `mutation ($input: PublishPresenceInput!) { publishPresence(input: $input) { session { id } } }`
const DECIDE = `mutation ($input: DecidePresenceAccessInput!) { decidePresenceAccess(input: $input) { results { decision } } }`
const FORGET = `mutation ($input: DeletePresenceDecisionsInput!) { deletePresenceDecisions(input: $input) { results { decision } } }`
const ASK = `mutation ($input: RequestPresenceAccessInput!) { requestPresenceAccess(input: $input) { results { access } } }`
const RESPOND = `mutation ($input: RespondToRequestsInput!) { respondToRequests(input: $input) { outcomes { outcome } } }`
const PROMPT_ME = `mutation { setPresencePreference(input: { invitationHandling: PROMPT }) { refused { reason } } }`
const WAITING = `{ presencePrivacy { incomingRequests { nodes { id requester { id } } } } }`
