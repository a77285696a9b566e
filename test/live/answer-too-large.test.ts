import { expect, test } from 'vitest'
import { addContactsAndAsk } from '../../src/application/manage-contacts.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { newUser } from '../support/new-user.ts'
import { POLICY } from '../support/policy.ts'
import { serveMemory } from '../support/serve-memory.ts'
import { connect } from '../support/web-socket-client.ts'

const aliases = Array.from({ length: 500 }, (_, number) => `a${number}: presence { status }`).join(' ')
const HUGE = `subscription { presenceUpdates { change presences { ${aliases} } } }`
const PLAIN =
  'subscription ($ids: [ID!]) { presenceUpdates(userIds: $ids) { change presences { presence { status } } } }'

test('an event too large for the one who asked for so much ends his stream, and nobody else misses anything', async () => {
  const { storage, url, tokenOf } = await serveMemory()
  const [pia, wim, greedy] = [newUser('pia'), newUser('wim'), newUser('greedy')]
  const decide = (verdict: 'ALLOWED' | 'BLOCKED') =>
    decideAccess(storage.privacy, { presentity: pia, watchers: [wim], verdict, endsAt: null })
  await decide('ALLOWED')
  await publishPresence(
    { ...storage, ...POLICY },
    { user: pia, session: null, status: 'BUSY', activity: null, note: null, leaseMs: 600_000 },
  )
  const [watching, asking] = [
    await connect(url, await tokenOf(wim)),
    await connect(url, await tokenOf(greedy)),
  ]
  watching.send({ type: 'subscribe', id: '1', payload: { query: PLAIN, variables: { ids: [pia] } } })
  asking.send({ type: 'subscribe', id: '1', payload: { query: HUGE } })
  expect(await watching.next()).toMatchObject({ type: 'next' })
  expect(await asking.next()).toMatchObject({ type: 'next' })

  const contacts = Array.from({ length: 60 }, () => newUser('contact'))
  await Promise.all([
    addContactsAndAsk(storage.privacy, { watcher: greedy, presentities: contacts }),
    decide('BLOCKED'),
  ])
  expect(await asking.next()).toMatchObject({
    type: 'error',
    payload: [{ extensions: { code: 'ANSWER_TOO_LARGE' } }],
  })
  expect(await watching.next()).toMatchObject({
    payload: { data: { presenceUpdates: { presences: [{ presence: { status: 'OFFLINE' } }] } } },
  })
})
