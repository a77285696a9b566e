import { decideAccess, deleteDecisions } from '../../src/application/manage-decisions.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { respondToRequests } from '../../src/application/respond-to-requests.ts'
import { setPreference } from '../../src/application/set-preference.ts'
import { withdrawRequest } from '../../src/application/withdraw-request.ts'
import type { InvitationHandling } from '../../src/domain/invitation-handling.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import type { Access } from '../../src/domain/watchers-view.ts'
import { newUser } from './new-user.ts'
import { DEFAULT_CLASS, type Storage } from './storage.ts'

/**
 * Why one watcher is shown a presentity Offline. Causes of one `group` have the same watcher's view, history of his own acts and
 * handling: of these, everything that he can read is equal, and not their presence alone.
 */
export type CauseOfOffline = {
  readonly cause: string
  readonly group: string
  readonly presentity: UserId
  /** What the watcher has been told of his access. */
  readonly access: Access
}

export type CausesOfOffline = {
  readonly watcher: UserId
  readonly causes: readonly CauseOfOffline[]
  /** Somebody whom the watcher sees online, with activity and note: proof that he sees anything at all. */
  readonly shown: UserId
}

/** What a cause does: acts that the watcher did in its group, with what everybody else did between them. */
type Cause = {
  readonly cause: string
  readonly group: Group
  /** Before the watcher's acts. */
  readonly before?: Step
  /** After the watcher's first act, before its second. */
  readonly between?: Step
  readonly after?: Step
  /** After everybody's causes have come about; for what would change what the others do. */
  readonly late?: Step
}
type Step = (storage: Storage, pair: PairOf) => Promise<unknown>
type PairOf = { readonly presentity: UserId; readonly watcher: UserId }

/** The watcher's own acts, the handling that they met, and what he has been told by then. */
const GROUPS = {
  'never asked': { acts: [], access: 'NONE' },
  'never asked, allowed': { acts: [], access: 'ALLOWED' },
  asked: { acts: ['ask'], access: 'PENDING' },
  'asked, allowed': { acts: ['ask'], access: 'ALLOWED' },
  'asked, allowed, asked again': { acts: ['ask', 'ask'], access: 'ALLOWED' },
  'asked twice': { acts: ['ask', 'ask'], access: 'PENDING' },
  'asked, withdrawn': { acts: ['ask', 'withdraw'], access: 'NONE' },
  'asked, expired': { acts: ['ask', 'expire'], access: 'NONE' },
  'asked, accepted automatically': { acts: ['ask'], access: 'ALLOWED', handling: 'AUTO_ACCEPT' },
} as const satisfies Record<
  string,
  {
    readonly acts: readonly ('ask' | 'withdraw' | 'expire')[]
    readonly access: Access
    readonly handling?: InvitationHandling
  }
>
type Group = keyof typeof GROUPS

const LEASE_MS = 60 * 24 * 3_600_000
/** Longer than a request lives, so that time passes once for all who let something expire. */
const UNTIL_EXPIRED_MS = DEFAULT_CLASS.requestLifetimeMs
const GRANT_MS = 3_600_000

const connect: Step = (storage, { presentity }) =>
  publishPresence(storage, {
    user: presentity,
    session: 'desk',
    status: 'BUSY',
    activity: 'IN_A_CALL',
    note: 'with a customer',
    leaseMs: LEASE_MS,
  })
const disconnect: Step = ({ sessions }, { presentity }) => sessions.end({ user: presentity, id: 'desk' })
const appearOffline: Step = ({ privacy }, { presentity }) =>
  setPreference(privacy, { user: presentity, change: { appearOffline: true } })
const decide =
  (verdict: 'ALLOWED' | 'BLOCKED'): Step =>
  ({ privacy }, { presentity, watcher }) =>
    decideAccess(privacy, { presentity, watchers: [watcher], verdict, endsAt: null })
const allow = decide('ALLOWED')
const block = decide('BLOCKED')
/** Over before the day is; time passes for all causes together. */
const grant: Step = async ({ privacy, facts }, { presentity, watcher }) => {
  const { now } = await facts.readFacts({ watcher, presentities: [] })
  await decideAccess(privacy, { presentity, watchers: [watcher], verdict: 'ALLOWED', endsAt: now + GRANT_MS })
}
const remove: Step = ({ privacy }, { presentity, watcher }) =>
  deleteDecisions(privacy, { presentity, watchers: [watcher] })
const watcherBlocks: Step = ({ privacy }, { presentity, watcher }) =>
  decideAccess(privacy, { presentity: watcher, watchers: [presentity], verdict: 'BLOCKED', endsAt: null })
const deny: Step = async ({ privacy, lists }, { presentity }) => {
  const { requests } = await lists.popup({ presentity, limit: 500, known: [] })
  const presented = requests.map(({ item }) => item.id)
  const options = { addTickedToContacts: false, alwaysAccept: false, clientKey: null }
  await respondToRequests(privacy, { presentity, presented, ticked: [], ...options })
}
const both =
  (first: Step, second: Step): Step =>
  async (storage, pair) => {
    await first(storage, pair)
    await second(storage, pair)
  }
const onServer =
  (presenceServer: 'OCS_2007' | 'CONVERGED_CONFERENCING'): Step =>
  (storage, { presentity }) =>
    storage.setUser(presentity, { presenceServer })
const inClass =
  (classOfService: string): Step =>
  (storage, { presentity }) =>
    storage.setUser(presentity, { classOfService })

const PENDING_HIDDEN = 'hidden while pending'

const CAUSES: readonly Cause[] = [
  { cause: 'default', group: 'never asked' },
  { cause: 'offline', group: 'never asked', after: disconnect },
  { cause: 'appearing offline', group: 'never asked', after: appearOffline },
  { cause: 'blocked ahead', group: 'never asked', after: block },
  { cause: 'deleted', group: 'never asked', after: both(block, remove) },
  { cause: 'blocked by the watcher', group: 'never asked', late: watcherBlocks },

  { cause: 'blocked', group: 'never asked, allowed', after: both(allow, block) },
  { cause: 'deleted', group: 'never asked, allowed', after: both(allow, remove) },
  { cause: 'ended grant', group: 'never asked, allowed', after: grant },
  { cause: 'ended grant over a block', group: 'never asked, allowed', after: both(block, grant) },
  { cause: 'offline', group: 'never asked, allowed', after: both(allow, disconnect) },
  { cause: 'appearing offline', group: 'never asked, allowed', after: both(allow, appearOffline) },
  { cause: 'blocked by the watcher', group: 'never asked, allowed', after: allow, late: watcherBlocks },

  { cause: 'pending', group: 'asked' },
  { cause: 'pending, another kind of server', group: 'asked', before: onServer('CONVERGED_CONFERENCING') },
  {
    cause: 'pending, hidden by her class',
    group: 'asked',
    before: both(onServer('OCS_2007'), inClass(PENDING_HIDDEN)),
  },
  { cause: 'pending, offline', group: 'asked', before: onServer('OCS_2007'), after: disconnect },
  {
    cause: 'pending, hidden since',
    group: 'asked',
    before: onServer('OCS_2007'),
    after: inClass(PENDING_HIDDEN),
  },
  { cause: 'denied', group: 'asked', after: deny },
  { cause: 'denied after having been shown', group: 'asked', before: onServer('OCS_2007'), after: deny },
  { cause: 'dismissed', group: 'asked', after: remove },
  { cause: 'blocked ahead', group: 'asked', before: block },
  { cause: 'blocked ahead, deleted since', group: 'asked', before: block, after: remove },
  { cause: 'blocked by the watcher', group: 'asked', late: watcherBlocks },

  { cause: 'asked twice', group: 'asked twice' },
  { cause: 'denied between', group: 'asked twice', between: deny },
  {
    cause: 'dismissed between, pending on OCS',
    group: 'asked twice',
    before: onServer('OCS_2007'),
    between: remove,
  },
  { cause: 'blocked ahead', group: 'asked twice', before: block },

  { cause: 'blocked', group: 'asked, allowed', after: both(allow, block) },
  { cause: 'ended grant', group: 'asked, allowed', after: grant },
  { cause: 'offline', group: 'asked, allowed', after: both(allow, disconnect) },

  { cause: 'blocked', group: 'asked, allowed, asked again', between: both(allow, block) },
  {
    cause: 'pending on OCS after a revocation',
    group: 'asked, allowed, asked again',
    before: onServer('OCS_2007'),
    between: both(allow, remove),
  },
  { cause: 'offline', group: 'asked, allowed, asked again', between: allow, after: disconnect },

  { cause: 'withdrawn', group: 'asked, withdrawn' },
  { cause: 'withdrawn after having been shown', group: 'asked, withdrawn', before: onServer('OCS_2007') },
  { cause: 'withdrawn after a denial', group: 'asked, withdrawn', between: deny },
  { cause: 'withdrawn over a block', group: 'asked, withdrawn', before: block },

  { cause: 'expired', group: 'asked, expired' },
  { cause: 'expired after having been shown', group: 'asked, expired', before: onServer('OCS_2007') },
  { cause: 'expired after a denial', group: 'asked, expired', between: deny },
  { cause: 'expired after a dismissal', group: 'asked, expired', between: remove },
  { cause: 'expired over a block', group: 'asked, expired', before: block },

  { cause: 'blocked ahead', group: 'asked, accepted automatically', before: block },
  { cause: 'blocked', group: 'asked, accepted automatically', after: block },
  { cause: 'deleted', group: 'asked, accepted automatically', after: remove },
  { cause: 'offline', group: 'asked, accepted automatically', after: disconnect },
]

/**
 * Sets up one presentity per cause of Offline, all of them for one watcher, and lets enough time pass for what is to end. With a
 * cooldown of the watcher's that is longer than that, all ends of requests and decisions are still in it.
 */
export async function causesOfOffline(
  storage: Storage,
  { requestCooldownMs = 0 }: { readonly requestCooldownMs?: number } = {},
): Promise<CausesOfOffline> {
  await storage.setClass({ ...DEFAULT_CLASS, name: PENDING_HIDDEN, pendingShown: false })
  const watcher = newUser('watcher')
  const name = `cools down for ${String(requestCooldownMs)} ms`
  await storage.setClass({ ...DEFAULT_CLASS, name, requestCooldownMs })
  await storage.setUser(watcher, { classOfService: name })
  const all = CAUSES.map((cause) => ({ ...cause, pair: { presentity: newUser('presentity'), watcher } }))
  for (const { before, group, pair } of all) {
    await connect(storage, pair)
    await chooseHandling(storage, pair, group)
    await before?.(storage, pair)
  }
  const expiring = all.filter(({ group }) => acts(group).includes('expire'))
  const others = all.filter((each) => !expiring.includes(each))

  await askAll(storage, watcher, expiring)
  for (const { between, pair } of expiring) await between?.(storage, pair)
  // Their requests expire, and theirs alone: the others have not asked yet.
  await storage.passTime(UNTIL_EXPIRED_MS)

  await askAll(
    storage,
    watcher,
    others.filter(({ group }) => acts(group)[0] === 'ask'),
  )
  for (const { between, pair } of others) await between?.(storage, pair)
  await askAll(
    storage,
    watcher,
    others.filter(({ group }) => acts(group)[1] === 'ask'),
  )
  await withdrawAll(
    storage,
    watcher,
    others.filter(({ group }) => acts(group)[1] === 'withdraw'),
  )
  for (const { after, pair } of others) await after?.(storage, pair)
  await storage.passTime(GRANT_MS)

  const shown = newUser('shown')
  await connect(storage, { presentity: shown, watcher })
  await allow(storage, { presentity: shown, watcher })
  const gone = await leaseEnded(storage, watcher)
  for (const { late, pair } of all) await late?.(storage, pair)

  return {
    watcher,
    shown,
    causes: [
      { cause: 'unknown user', group: 'never asked', presentity: newUser('unknown'), access: 'NONE' },
      { cause: 'lease ended', group: 'never asked, allowed', presentity: gone, access: 'ALLOWED' },
      ...all.map(({ cause, group, pair }) => ({
        cause,
        group,
        presentity: pair.presentity,
        access: GROUPS[group].access,
      })),
    ],
  }
}

/** A class that requires PROMPT: whoever is in it sees nobody outside his contact list. */
export async function seesContactsOnly(storage: Storage, watcher: UserId): Promise<void> {
  const name = 'sees contacts only'
  await storage.setClass({ ...DEFAULT_CLASS, name, invitationHandling: 'PROMPT' })
  await storage.setUser(watcher, { classOfService: name })
}

type SetUp = Cause & { readonly pair: PairOf }

function acts(group: Group): readonly string[] {
  return GROUPS[group].acts
}

async function chooseHandling(storage: Storage, { presentity }: PairOf, group: Group): Promise<void> {
  const settings = GROUPS[group]
  if (!('handling' in settings)) return
  const change = { invitationHandling: settings.handling }
  await setPreference(storage.privacy, { user: presentity, change })
}

/** One act for all, so that it is of one moment. */
async function askAll(storage: Storage, watcher: UserId, all: readonly SetUp[]): Promise<void> {
  const presentities = all.map(({ pair }) => pair.presentity)
  await requestAccess(storage.privacy, { watcher, presentities, trigger: 'CALL', addToContacts: false })
}

async function withdrawAll(storage: Storage, watcher: UserId, all: readonly SetUp[]): Promise<void> {
  const asked = await storage.lists.asked({ watcher, page: { first: 500, after: null } })
  for (const { presentity, request } of asked.items) {
    if (!all.some(({ pair }) => pair.presentity === presentity)) continue
    await withdrawRequest(storage.privacy, { watcher, request: request.id })
  }
}

/** A presentity who allows the watcher, and whose only device has not been heard of for too long. */
async function leaseEnded(storage: Storage, watcher: UserId): Promise<UserId> {
  const presentity = newUser('gone')
  await allow(storage, { presentity, watcher })
  const said = { status: 'AVAILABLE', activity: null, note: 'soon gone' } as const
  await publishPresence(storage, { user: presentity, session: 'phone', ...said, leaseMs: 60_000 })
  await storage.passTime(60_000)
  return presentity
}
