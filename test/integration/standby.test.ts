import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { actsOverApi } from '../support/acts-over-api.ts'
import { EXAMPLES } from '../support/authorization-examples.ts'
import { debianPostgres, missingPostgres, type DebianPostgres } from '../support/debian-postgres.ts'
import { eventually } from '../support/eventually.ts'
import { newUser } from '../support/new-user.ts'
import { askGraphQL, postGraphQL } from '../support/post-graphql.ts'
import { queryOnce } from '../support/postgres-on-folder.ts'
import { startApp, startAppForTest, tokenOf, type TestApp } from '../support/start-app.ts'
import { tcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import type { Told } from '../support/told.ts'
import { TRANSPORTS } from '../support/watch-over-api.ts'
import { expectAll, isReady } from '../support/watched-instance.ts'
import { connect } from '../support/web-socket-client.ts'

const missing = missingPostgres()
const required = process.env['CI'] === 'true'

/** They need nothing that is stored. */
const ASK_NOTHING = ['Query._service', 'User.id']

const OWN = {
  appearsOffline: '',
  contacts: '{ nodes { user { id } } }',
  decisions: '{ nodes { state } }',
  incomingRequests: '{ nodes { id } }',
  notices: '{ nodes { __typename } }',
  outgoingRequests: '{ nodes { id } }',
  preference: '{ appearOffline }',
  presence: '{ status }',
  sessions: '{ id }',
  trail: '{ nodes { cause } }',
  visibleTo: '{ nodes { state } }',
}

const DECISIONS = '{ presencePrivacy { decisions { nodes { user { id } state } } } }'
const SIGHT = `query ($id: ID!) { _entities(representations: [{ __typename: "User", id: $id }]) { ... on User { presence { status } presenceAccess } } }`

describe.skipIf(missing !== null && !required)(
  `a primary and a standby${missing === null ? '' : ` (${missing})`}`,
  () => {
    let servers: DebianPostgres
    let primary: string
    let standby: string
    let address: TcpProxy
    /** Reaches its database at an address that leads to this server or that. */
    let app: TestApp
    /** Stays with the first primary. */
    let other: TestApp
    const [pia, ann, wim] = [newUser('pia'), newUser('ann'), newUser('wim')]

    beforeAll(async () => {
      if (missing !== null) throw new Error(missing)
      servers = await debianPostgres()
      primary = await servers.primary()
      standby = await servers.standbyOf(primary)
      address = await tcpProxy(primary)
      other = await startApp({ url: primary })
      app = await startApp({ url: address.url })
      for (const user of [pia, ann]) {
        const acts = actsOverApi(other, await tokenOf(user))
        await acts.publish('BUSY')
        await acts.decide(wim, 'ALLOWED')
      }
    }, 120_000)
    afterAll(async () => {
      await app.stop()
      await other.stop()
      await address.close()
      await servers.stop()
    }, 60_000)

    const caughtUp = async (how: 'receive' | 'replay'): Promise<void> => {
      const [now] = await queryOnce(primary, 'select pg_current_wal_lsn()::text as lsn')
      const caught = `select coalesce(pg_last_wal_${how}_lsn() >= '${String(now!['lsn'])}', false) as caught`
      await eventually(
        'the standby has caught up',
        async () => (await queryOnce(standby, caught))[0]!['caught'] === true,
      )
    }

    const sight = async (of: TestApp) =>
      postGraphQL(of.url, { query: SIGHT, variables: { id: pia }, token: await tokenOf(wim) })
    const decisions = async () => {
      const data = await askGraphQL<Told>(app.url, { query: DECISIONS, token: await tokenOf(pia) })
      return data['presencePrivacy'].decisions.nodes as unknown
    }

    /** Nothing that is stored is told, and nothing changed. */
    const expectRefused = async (): Promise<void> => {
      const token = await tokenOf(pia)
      for (const [field, selection] of Object.entries(OWN)) {
        const answer = await postGraphQL(app.url, {
          query: `{ presencePrivacy { ${field}${selection} } }`,
          token,
        })
        expect(said(answer), field).toEqual(['PRESENCE_UNAVAILABLE'])
        expect(leaves(answer.data), field).toEqual([])
      }
      const seen = await sight(app)
      expect(said(seen)).toEqual(['PRESENCE_UNAVAILABLE'])
      expect(leaves(seen.data)).toEqual([])
      await expect(actsOverApi(app, token).decide(wim, 'ALLOWED')).rejects.toThrow('PRESENCE_UNAVAILABLE')
      await eventually('it is not ready', async () => !(await isReady(app)))
    }

    it.each(['auto', 'check', 'off'])(
      'an instance does not start on a standby, with MIGRATE=%s',
      async (migrate) => {
        await caughtUp('replay')
        const start = startAppForTest({ url: standby }, { MIGRATE: migrate })
        await expect(start).rejects.toThrow(/cannot be used.* is a standby/)
      },
    )

    it('led to a standby that has been left behind, it refuses every operation, and tells nothing of the past', async () => {
      const roles = ['administrator', 'service', 'auditor']
      const as = async (user: string, query: string, variables: Told = {}) =>
        askGraphQL<Told>(other.url, { query, variables, token: await tokenOf(user) })
      const prepared = await Promise.all(
        Object.entries(EXAMPLES).map(async ([operation, { document, variables }]) => {
          const user = newUser('user')
          const told = (await variables?.({ pia: user, as })) ?? {}
          return { operation, query: document, variables: told, token: await tokenOf(user, { roles }) }
        }),
      )
      await caughtUp('replay')
      await queryOnce(standby, 'select pg_wal_replay_pause()')
      await eventually('replay is paused', async () => {
        const [row] = await queryOnce(standby, 'select pg_get_wal_replay_pause_state() as state')
        return row!['state'] === 'paused'
      })
      await actsOverApi(other, await tokenOf(pia)).decide(wim, 'BLOCKED')
      // Whoever asks the standby sees the past.
      const state =
        'select array_agg(state) as states from (select to_jsonb(p)::text as state from presence_privacy.pairs p) p'
      expect(await queryOnce(standby, state)).not.toEqual(await queryOnce(primary, state))

      const watched = { token: await tokenOf(wim), userIds: [ann] }
      const streams = await Promise.all(TRANSPORTS.map(([, watch]) => watch(app, watched)))
      await expectAll(streams, 'SNAPSHOT', { [ann]: 'BUSY' })
      address.leadTo(standby)
      await actsOverApi(other, await tokenOf(ann)).decide(wim, 'BLOCKED')
      await expectRefused()
      for (const { operation, query, variables, token } of prepared) {
        if (ASK_NOTHING.includes(operation)) continue
        if (operation.startsWith('Subscription.')) {
          const client = await connect(app.webSocketUrl, token)
          client.send({ id: '1', type: 'subscribe', payload: { query, variables } })
          expect(JSON.stringify(await client.next()), operation).toContain('PRESENCE_UNAVAILABLE')
          await client.close()
          continue
        }
        const answer = await postGraphQL(app.url, { query, variables, token })
        expect(said(answer), operation).toEqual(['PRESENCE_UNAVAILABLE'])
        expect(leaves(answer.data), operation).toEqual([])
      }
      for (const [transport, watch] of TRANSPORTS) {
        const stream = await watch(app, watched)
        expect(await stream.refusal(), transport).toMatchObject({ code: 'PRESENCE_UNAVAILABLE' })
      }
      await expectAll(streams, 'CHANGED', { [ann]: 'OFFLINE' })
    }, 120_000)

    it('goes on by itself once the standby is promoted, and has lost nothing', async () => {
      await caughtUp('receive')
      await queryOnce(standby, 'select pg_promote(false)')
      await eventually('it is ready', () => isReady(app), { withinMs: 20_000 })
      expect(await decisions()).toEqual([{ user: { id: wim }, state: 'BLOCKED' }])
      const asPia = actsOverApi(app, await tokenOf(pia))
      await asPia.decide(wim, 'ALLOWED')
      await asPia.publish('AWAY')
      expect((await sight(app)).data).toMatchObject({
        _entities: [{ presence: { status: 'AWAY' }, presenceAccess: 'ALLOWED' }],
      })
      await asPia.decide(wim, 'BLOCKED')
    }, 60_000)

    it('refuses the old primary, which takes writes and is on a lower timeline', async () => {
      await actsOverApi(other, await tokenOf(pia)).decide(wim, 'ALLOWED')
      expect(leaves((await sight(other)).data)).toContain('BUSY')
      address.leadTo(primary)
      await expectRefused()
    }, 60_000)

    it('refuses another cluster, with the same schema and users', async () => {
      const another = await servers.primary()
      const there = await startAppForTest({ url: another })
      const asPia = actsOverApi(there, await tokenOf(pia))
      await asPia.publish('BUSY')
      await asPia.decide(wim, 'ALLOWED')
      address.leadTo(another)
      await expectRefused()
    }, 60_000)

    it('goes on once the address leads to the promoted standby again', async () => {
      address.leadTo(standby)
      await eventually('it is ready', () => isReady(app), { withinMs: 20_000 })
      expect(await decisions()).toEqual([{ user: { id: wim }, state: 'BLOCKED' }])
      expect((await sight(app)).data).toMatchObject({ _entities: [{ presence: { status: 'OFFLINE' } }] })
    }, 60_000)
  },
)

/** The codes of an answer's errors, each once. */
function said({
  errors,
}: {
  readonly errors: readonly { readonly extensions?: { readonly code?: string } }[]
}) {
  return [...new Set(errors.map(({ extensions }) => extensions?.code))]
}

/** All that an answer tells, but null. */
function leaves(data: unknown): unknown[] {
  if (data === null || data === undefined) return []
  return typeof data === 'object' ? Object.values(data).flatMap(leaves) : [data]
}
