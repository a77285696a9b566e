import { createClass } from '../../application/administer-classes.ts'
import { assignClass } from '../../application/administer-users.ts'
import { addContactsAndAsk } from '../../application/manage-contacts.ts'
import { decideAccess } from '../../application/manage-decisions.ts'
import type { PairOf } from '../../application/ports.ts'
import { publishPresence } from '../../application/publish-presence.ts'
import type { ClassSettings } from '../../domain/class-settings.ts'
import { edgeAt } from '../../domain/edge.ts'
import type { PresenceActivity, PublishableStatus } from '../../domain/presence.ts'
import { Refused, type Call, type Command } from '../command.ts'
import type { Adapters } from '../open-store.ts'
import { requireUser } from '../user-ids.ts'

const LEASE_MS = 24 * 3_600_000
const SESSION = 'seed'

const CLASSES: Readonly<Record<string, Partial<ClassSettings>>> = {
  reception: { invitationHandling: 'AUTO_ACCEPT' },
  'contact centre': { invitationHandling: 'PROMPT', maxContacts: 50 },
}

type Seeded = {
  readonly status?: PublishableStatus
  readonly activity?: PresenceActivity
  readonly note?: string
  readonly className?: string
}

/** Henry has no device: he is offline in truth. */
const USERS: Readonly<Record<string, Seeded>> = {
  alice: { status: 'AVAILABLE', note: 'At my desk' },
  bob: { status: 'BUSY', activity: 'IN_A_MEETING', note: 'Back at 3' },
  carol: { status: 'AVAILABLE' },
  dave: { status: 'AWAY', className: 'contact centre' },
  erin: { status: 'AVAILABLE', className: 'reception' },
  henry: {},
}

/** Presentity, watcher, verdict. */
const DECISIONS = [
  ['bob', 'alice', 'ALLOWED'],
  ['carol', 'alice', 'BLOCKED'],
  ['alice', 'bob', 'ALLOWED'],
  ['carol', 'dave', 'ALLOWED'],
] as const

/** Watcher, presentity. Adding asks: where nothing is decided, a request waits, or is accepted by the class. */
const CONTACTS = [
  ['alice', 'bob'],
  ['alice', 'carol'],
  ['alice', 'erin'],
  ['alice', 'henry'],
  ['bob', 'alice'],
  ['dave', 'alice'],
] as const

export const seed: Command = {
  name: 'seed',
  takes: '',
  summary: 'make a few users, classes, contacts and decisions for trying out',
  about: [
    `${Object.keys(USERS).join(', ')}; what is there already is left alone. They are connected for a day; again seeds them for another.`,
    'Not with NODE_ENV=production.',
  ],
  options: {},
  examples: ['seed'],
  async run(call) {
    if (call.config.environment === 'production') {
      throw new Refused('Users for trying out have no business in production: NODE_ENV says so.')
    }
    const adapters = await call.store()
    const classes = await seedClasses(adapters, call)
    const contactsAndDecisions = [await seedDecisions(adapters, call), await seedContacts(adapters, call)]
    await connect(adapters)
    const [decisions = 0, contacts = 0] = contactsAndDecisions
    return {
      text:
        `Made ${String(classes)} classes, ${String(decisions)} decisions and ${String(contacts)} contacts. ` +
        'Try: npm run admin -- why --presentity carol --watcher alice',
      json: { users: Object.keys(USERS), made: { classes, decisions, contacts } },
    }
  },
}

async function seedClasses({ administration }: Adapters, { actor }: Call): Promise<number> {
  let made = 0
  for (const [name, settings] of Object.entries(CLASSES)) {
    const created = await createClass(administration, { actor, name, settings })
    if ('classOfService' in created) made += 1
    const users = Object.entries(USERS).flatMap(([id, { className }]) =>
      className === name ? [requireUser(id, id)] : [],
    )
    await assignClass(administration, { actor, className: name, users })
  }
  return made
}

async function seedDecisions(adapters: Adapters, { actor }: Call): Promise<number> {
  const missing = []
  for (const [her, him, verdict] of DECISIONS) {
    const of = { presentity: requireUser(her, her), watcher: requireUser(him, him) }
    const { state } = await storedOf(adapters, of)
    if (state === 'NONE' || state === 'PENDING') missing.push({ ...of, verdict })
  }
  for (const { presentity, watcher, verdict } of missing) {
    await decideAccess(adapters.store, { presentity, actor, watchers: [watcher], verdict, endsAt: null })
  }
  return missing.length
}

async function seedContacts(adapters: Adapters, { actor }: Call): Promise<number> {
  let made = 0
  for (const [him, her] of CONTACTS) {
    const of = { presentity: requireUser(her, her), watcher: requireUser(him, him) }
    const { contact } = await storedOf(adapters, of)
    if (contact) continue
    await addContactsAndAsk(adapters.store, { watcher: of.watcher, actor, presentities: [of.presentity] })
    made += 1
  }
  return made
}

async function storedOf({ facts }: Adapters, { presentity, watcher }: PairOf) {
  const { now, presentities } = await facts.readFacts({ watcher, presentities: [presentity] })
  const pair = presentities.get(presentity)?.pair
  return {
    state: pair === undefined ? 'NONE' : edgeAt(pair.edge, now).state,
    contact: pair !== undefined && pair.contactSince !== null,
  }
}

async function connect(adapters: Adapters): Promise<void> {
  for (const [id, { status, activity = null, note = null }] of Object.entries(USERS)) {
    if (status === undefined) continue
    const user = requireUser(id, id)
    await publishPresence(adapters, { user, session: SESSION, status, activity, note, leaseMs: LEASE_MS })
  }
}
