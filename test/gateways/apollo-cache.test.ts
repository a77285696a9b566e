import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { PRESENCE_FIELDS } from '../../client/presence-fragment.ts'
import { ON_SCREEN } from '../../client/presence-updates.ts'
import { webSocketClient } from '../../client/web-socket-client.ts'
import { eventually } from '../support/eventually.ts'
import { LOOK, type UserSeen } from './acts.ts'
import { startApolloGateway } from './apollo-gateway.ts'
import { composeByApollo } from './compose.ts'
import { apolloCache, apolloPage } from './frontends.js'
import { startGraph, type Graph } from './start-graph.ts'

const SECRET = 'at the doctor'
const USER = { __typename: 'User', id: 'pia' }
const SHOWN = { __typename: 'Presence', status: 'BUSY', activity: null, note: SECRET }
const HIDDEN = { __typename: 'Presence', status: 'OFFLINE' }
const WHOLE = `query Whole { user { id presence { ...PresenceFields } } } ${PRESENCE_FIELDS}`
const STATUS_ALONE = 'query StatusAlone { user { id presence { status } } }'

describe('the cache of Apollo Client', () => {
  const shownThenHidden = (typePolicies: Readonly<Record<string, object>>) => {
    const cache = apolloCache(typePolicies)
    cache.write(WHOLE, { user: { ...USER, presence: SHOWN } })
    cache.write(STATUS_ALONE, { user: { ...USER, presence: HIDDEN } })
    return cache.read(WHOLE)
  }

  test('loses what a second selection of a presence leaves out', () => {
    expect(shownThenHidden({})).toBeNull()
  })

  test('keeps the old note of a hidden user if it merges presences, which is what its warning suggests', () => {
    const mixed = { user: { presence: { status: 'OFFLINE', note: SECRET } } }
    expect(shownThenHidden({ User: { fields: { presence: { merge: true } } } })).toMatchObject(mixed)
  })

  test('replaces a presence where all documents select it by the one fragment', () => {
    const cache = apolloCache({})
    const other = `query Other { user { presence { ...PresenceFields } id } } ${PRESENCE_FIELDS}`
    cache.write(WHOLE, { user: { ...USER, presence: SHOWN } })
    cache.write(other, { user: { ...USER, presence: { ...HIDDEN, activity: null, note: null } } })
    expect(cache.read(WHOLE)).toMatchObject({ user: { presence: { status: 'OFFLINE', note: null } } })
  })

  test('holds one entry of the caller’s own if presencePrivacy has a key of no fields', () => {
    const own = { __typename: 'PresencePrivacy', appearsOffline: false }
    const [hiding, presence] = [
      '{ presencePrivacy { appearsOffline } }',
      `{ presencePrivacy { presence { ...PresenceFields } } } ${PRESENCE_FIELDS}`,
    ]
    const both = (typePolicies: Readonly<Record<string, object>>) => {
      const cache = apolloCache(typePolicies)
      cache.write(hiding, { presencePrivacy: own })
      cache.write(presence, { presencePrivacy: { __typename: 'PresencePrivacy', presence: SHOWN } })
      return [cache.read(hiding) === null, cache.read(presence) === null]
    }
    expect(both({})).toEqual([true, false])
    expect(both({ PresencePrivacy: { keyFields: [] } })).toEqual([false, false])
  })
})

describe('a page on Apollo Client', () => {
  let graph: Graph
  beforeAll(async () => {
    graph = await startGraph((services) =>
      startApolloGateway({ supergraph: composeByApollo(services).supergraph }),
    )
  }, 60_000)
  afterAll(() => graph.stop())

  test('moves its rows by its stream, and nothing of a user who has hidden stays in its cache', async () => {
    const [bob, alice] = await Promise.all([graph.as('bob'), graph.as('alice')])
    const decide = (decision: string) =>
      bob.ask(
        'mutation ($decision: PresenceDecision!) { decidePresenceAccess(input: { userIds: ["alice"], decision: $decision }) { results { __typename } } }',
        { decision },
      )
    await decide('ALLOWED')
    await bob.ask(
      'mutation ($note: String) { publishPresence(input: { status: BUSY, note: $note, sessionId: "desk" }) { session { id } } }',
      { note: SECRET },
    )
    const page = apolloPage({
      gatewayUrl: graph.gateway.url,
      subscriptions: webSocketClient({
        url: graph.presence.webSocketUrl,
        freshToken: () => alice.token,
        webSocketImpl: WebSocket,
      }),
      freshToken: () => alice.token,
    })
    let shown: UserSeen['presence'] | undefined
    page.show(LOOK, { ids: ['bob'] }, (data) => (shown = (data as { users: UserSeen[] }).users[0]!.presence))
    await eventually('bob is shown', () => shown?.note === SECRET)
    page.follow(ON_SCREEN, { userIds: ['bob'] })

    await decide('BLOCKED')
    await eventually('bob is hidden', () => shown?.status === 'OFFLINE')
    expect(shown).toEqual({ status: 'OFFLINE', activity: null, note: null })
    expect(page.cached()).not.toContain(SECRET)
    await page.dispose()
  })
})
