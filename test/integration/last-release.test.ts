import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { actsOverApi } from '../support/acts-over-api.ts'
import { createTestDatabase } from '../support/database.ts'
import { eventually } from '../support/eventually.ts'
import { newUser } from '../support/new-user.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { missingRelease, releasedSource } from '../support/released-source.ts'
import { startSubgraph, type RunningSubgraph } from '../support/start-subgraph.ts'
import { issuerKey } from '../support/token-issuer.ts'

const missing = missingRelease()
const required = process.env['CI'] === 'true'

const SEE = `query ($users: [_Any!]!) {
  _entities(representations: $users) { ... on User { presence { status note } presenceAccess canBeMessaged } }
}`

describe.skipIf(missing !== null && !required)(
  `an instance of the last release on today’s tables${missing === null ? '' : ` (${missing})`}`,
  () => {
    let last: RunningSubgraph
    let today: RunningSubgraph
    let removeSource: () => void
    beforeAll(async () => {
      const { main, remove } = releasedSource()
      removeSource = remove
      const { url: databaseUrl } = await createTestDatabase()
      const key = issuerKey()
      last = await startSubgraph({ databaseUrl, key, main })
      today = await startSubgraph({ databaseUrl, key })
    }, 60_000)
    afterAll(async () => {
      await Promise.all([last, today].map((instance) => instance.stop()))
      removeSource()
    })

    async function seenBy(instance: RunningSubgraph, watcher: string, presentity: string): Promise<object> {
      const users = [{ __typename: 'User', id: presentity }]
      const token = await instance.tokenOf(watcher)
      const { _entities } = await askGraphQL(instance.url, { query: SEE, variables: { users }, token })
      return (_entities as object[])[0]!
    }

    it('is ready', async () => {
      const ready = new URL('/health/ready', last.url)
      await eventually('it is ready', async () => (await fetch(ready)).status === 200)
    })

    it.each(['last', 'today'] as const)(
      'shows what the other one has stored, and hides it: %s',
      async (writes) => {
        const [pia, wim] = [newUser('pia'), newUser('wim')]
        const writer = writes === 'last' ? last : today
        const her = actsOverApi(writer, await writer.tokenOf(pia))
        const both = async () => [await seenBy(last, wim, pia), await seenBy(today, wim, pia)]
        const hidden = { presence: { status: 'OFFLINE', note: null }, canBeMessaged: false }
        const shown = { presence: { status: 'BUSY', note: 'until five' }, canBeMessaged: true }

        await her.publish('BUSY', { note: 'until five' })
        expect(await both()).toMatchObject([hidden, hidden])
        await her.decide(wim, 'ALLOWED')
        expect(await both()).toMatchObject([shown, shown])
        await her.appearOffline(true)
        expect(await both()).toMatchObject([hidden, hidden])
        await her.appearOffline(false)
        expect(await both()).toMatchObject([shown, shown])
        await her.decide(wim, 'BLOCKED')
        expect(await both()).toMatchObject([hidden, hidden])
        await her.forget(wim)
        await her.decide(wim, 'ALLOWED', new Date(Date.now() + 60_000))
        expect(await both()).toMatchObject([shown, shown])
      },
    )

    it('follows a class of service that the other one has changed', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      const roles = { roles: ['administrator'] }
      const administrator = actsOverApi(last, await last.tokenOf(newUser('administrator'), roles))
      const her = actsOverApi(today, await today.tokenOf(pia))
      await administrator.createClass('front desk', 'USER_DEFINED')
      await administrator.assignClass('front desk', pia)
      await her.publish('BUSY', { note: 'until five' })
      await her.decide(wim, 'ALLOWED')
      await her.appearOffline(true)
      expect(await seenBy(today, wim, pia)).toMatchObject({ presence: { status: 'OFFLINE' } })
      await her.disconnect()
      await administrator.updateClass('front desk', { appearOfflineAllowed: false })
      await her.publish('BUSY', { note: 'until five' })
      expect(await seenBy(today, wim, pia)).toMatchObject({ presence: { status: 'BUSY' } })
    })
  },
)
