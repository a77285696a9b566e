import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ASSIGN_CLASS,
  CREATE_CLASS,
  SET_PRESENCE_SERVER,
  SET_SITE,
  UPDATE_CLASS,
} from '../support/administrators-documents.ts'
import { createTestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { askGraphQL, postGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'
import type { Told } from '../support/told.ts'

const OWN = /* GraphQL */ `
  {
    presencePrivacy {
      appearsOffline
      preference {
        invitationHandling
        effectiveInvitationHandling
        invitationHandlingLocked
        appearOffline
        appearOfflineLocked
      }
      classOfService {
        name
        maxContacts
      }
    }
  }
`

let app: TestApp
let administrator: string

beforeAll(async () => {
  app = await startApp(await createTestDatabase())
  administrator = await tokenOf('root', { roles: ['administrator'] })
})
afterAll(() => app.stop())

function administer(query: string, input?: object) {
  return askGraphQL<Told>(app.url, { query, variables: { input }, token: administrator })
}

async function as(user: string, query: string, variables: Record<string, unknown> = {}) {
  return askGraphQL<Told>(app.url, { query, variables, token: await tokenOf(user) })
}

async function fault(query: string, input: object) {
  const { errors, data } = await postGraphQL(app.url, { query, variables: { input }, token: administrator })
  expect(data).toBeNull()
  return errors[0]?.extensions
}

async function create(settings: object = {}): Promise<string> {
  const name = newUser('class')
  await administer(CREATE_CLASS, { name, ...settings })
  return name
}

const assign = (className: string, ...userIds: string[]) => administer(ASSIGN_CLASS, { userIds, className })

async function shown(watcher: string, presentity: string): Promise<unknown> {
  const query = `query ($id: ID!) { _entities(representations: [{ __typename: "User", id: $id }]) { ... on User { presence { status } } } }`
  const { _entities } = await as(watcher, query, { id: presentity })
  return _entities[0].presence.status
}

const publish = (user: string, sessionId: string) =>
  as(user, 'mutation ($input: PublishPresenceInput!) { publishPresence(input: $input) { session { id } } }', {
    input: { status: 'BUSY', sessionId },
  })
const end = (user: string, sessionId: string) =>
  as(user, 'mutation ($input: EndPresenceSessionInput!) { endPresenceSession(input: $input) { ended } }', {
    input: { sessionId },
  })
const prefer = (user: string, input: object) =>
  as(
    user,
    'mutation ($input: SetPresencePreferenceInput!) { setPresencePreference(input: $input) { refused { field reason } } }',
    { input },
  )
const allow = (presentity: string, watcher: string) =>
  as(
    presentity,
    'mutation ($input: DecidePresenceAccessInput!) { decidePresenceAccess(input: $input) { results { decision } } }',
    { input: { userIds: [watcher], decision: 'ALLOWED' } },
  )
const ask = (watcher: string, presentity: string) =>
  as(
    watcher,
    'mutation ($input: RequestPresenceAccessInput!) { requestPresenceAccess(input: $input) { results { access } } }',
    { input: { userIds: [presentity] } },
  )

describe('an administrator', () => {
  test('makes a class of service, changes only the named settings, and lists it with its users', async () => {
    const name = newUser('class')
    const { createPresenceClassOfService: created } = await administer(CREATE_CLASS, {
      name,
      invitationHandling: 'AUTO_ACCEPT',
      maxContacts: 20,
    })
    expect(created).toEqual({
      outcome: 'CREATED',
      classOfService: {
        name,
        invitationHandling: 'AUTO_ACCEPT',
        pendingShown: true,
        appearOfflineAllowed: true,
        maxContacts: 20,
        requestsPerMinute: 100,
        requestsPerDay: 1000,
        requestLifetimeSeconds: 1_209_600,
        requestCooldownSeconds: 60,
      },
    })
    const { updatePresenceClassOfService: updated } = await administer(UPDATE_CLASS, {
      name,
      appearOfflineAllowed: false,
      maxContacts: null,
    })
    expect(updated).toEqual({
      outcome: 'UPDATED',
      classOfService: { name, maxContacts: 20, appearOfflineAllowed: false },
    })
    await assign(name, newUser(), newUser())

    const { presencePrivacyAdministration } = await administer(`{
      presencePrivacyAdministration { classesOfService { classOfService { name } isDefault assignedUsers } }
    }`)
    const listed = presencePrivacyAdministration.classesOfService
    expect(listed).toContainEqual({ classOfService: { name }, isDefault: false, assignedUsers: 2 })
    expect(listed).toContainEqual({
      classOfService: { name: 'default' },
      isDefault: true,
      assignedUsers: null,
    })
  })

  test('is told what cannot be, and nothing is applied', async () => {
    const [name, taken] = [await create(), await create()]
    const refused = { classOfService: null }
    expect(await administer(CREATE_CLASS, { name })).toEqual({
      createPresenceClassOfService: { outcome: 'NAME_TAKEN', ...refused },
    })
    for (const [input, outcome] of [
      [{ name: newUser('none') }, 'NOT_FOUND'],
      [{ name, newName: taken }, 'NAME_TAKEN'],
      [{ name: 'default', newName: newUser('other') }, 'DEFAULT_KEEPS_ITS_NAME'],
    ] as const) {
      const { updatePresenceClassOfService } = await administer(UPDATE_CLASS, { ...input, maxContacts: 1 })
      expect(updatePresenceClassOfService).toEqual({ outcome, ...refused })
    }
    expect(await assign(newUser('none'), newUser())).toEqual({
      assignPresenceClassOfService: { outcome: 'CLASS_NOT_FOUND', users: [] },
    })
  })

  test.each([
    ['maxContacts', 501],
    ['maxContacts', -1],
    ['requestsPerMinute', 10_001],
    ['requestsPerDay', 100_001],
    ['requestLifetimeSeconds', 59],
    ['requestCooldownSeconds', 31_536_001],
  ])('is told that %s cannot be %i', async (field, value) => {
    const name = await create()
    const input = { name, pendingShown: false, [field]: value }
    expect(await fault(UPDATE_CLASS, input)).toEqual({ code: 'BAD_USER_INPUT', field })
    expect(await fault(CREATE_CLASS, { ...input, name: newUser('class') })).toEqual({
      code: 'BAD_USER_INPUT',
      field,
    })
  })

  test('is told which ids and names cannot be', async () => {
    const many = Array.from({ length: 1001 }, (_, number) => `user-${number}`)
    for (const userIds of [[], many, ['a\u0000b']]) {
      const code = { code: 'BAD_USER_INPUT', field: 'userIds' }
      expect(await fault(ASSIGN_CLASS, { userIds, className: 'default' })).toEqual(code)
      expect(await fault(SET_PRESENCE_SERVER, { userIds, server: 'OCS_2007' })).toEqual(code)
    }
    expect(await fault(CREATE_CLASS, { name: ' padded' })).toEqual({ code: 'BAD_USER_INPUT', field: 'name' })
    expect(await fault(UPDATE_CLASS, { name: 'default', newName: '' })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'newName',
    })
  })

  test('assigns a thousand users at once, each once, in the given order, the administrator among them', async () => {
    const name = await create()
    const userIds = ['root', ...Array.from({ length: 999 }, () => newUser())]
    const { assignPresenceClassOfService: assigned } = await administer(ASSIGN_CLASS, {
      userIds: [...userIds.slice(0, 10), ...userIds].slice(0, 1000),
      className: name,
    })
    expect(assigned.outcome).toBe('ASSIGNED')
    expect(assigned.users).toEqual(
      userIds.slice(0, 990).map((id) => ({ user: { id }, classOfService: { name } })),
    )
    await assign('default', 'root')
  })

  test('sets presence servers, of users and of the site', async () => {
    const [own, other] = [newUser(), newUser()]
    const set = (server: string) => administer(SET_PRESENCE_SERVER, { userIds: [own, other, own], server })
    await set('SITE_DEFAULT')
    expect(await administer(SET_SITE, { presenceServer: 'OCS_2007' })).toEqual({
      setPresenceSiteSettings: { site: { presenceServer: 'OCS_2007' } },
    })
    expect((await administer(SET_SITE, {}))['setPresenceSiteSettings'].site.presenceServer).toBe('OCS_2007')
    const bySite = { presenceServer: 'SITE_DEFAULT', effectivePresenceServer: 'OCS_2007' }
    expect((await set('SITE_DEFAULT'))['setPresenceServer'].users).toEqual([
      { user: { id: own }, ...bySite },
      { user: { id: other }, ...bySite },
    ])
    await administer(SET_PRESENCE_SERVER, { userIds: [own], server: 'CONVERGED_CONFERENCING' })
    const { presencePrivacyAdministration: found } = await administer(`{
      presencePrivacyAdministration {
        user(id: "${own}") { presenceServer effectivePresenceServer classOfService { name } }
        site { presenceServer }
      }
    }`)
    expect(found).toEqual({
      user: {
        presenceServer: 'CONVERGED_CONFERENCING',
        effectivePresenceServer: 'CONVERGED_CONFERENCING',
        classOfService: { name: 'default' },
      },
      site: { presenceServer: 'OCS_2007' },
    })
    await administer(SET_SITE, { presenceServer: 'NONE_KNOWN' })
  })

  test('decides by the server of the site what those see who wait, of those for whom nothing else is set', async () => {
    const [bySite, own, watcher] = [newUser('site'), newUser('own'), newUser('watcher')]
    await administer(SET_PRESENCE_SERVER, { userIds: [own], server: 'CONVERGED_CONFERENCING' })
    await administer(SET_SITE, { presenceServer: 'OCS_2007' })
    for (const presentity of [bySite, own]) {
      await publish(presentity, 'desk')
      await ask(watcher, presentity)
    }
    expect([await shown(watcher, bySite), await shown(watcher, own)]).toEqual(['BUSY', 'OFFLINE'])
    await administer(SET_SITE, { presenceServer: 'NONE_KNOWN' })
    expect(await shown(watcher, bySite)).toBe('OFFLINE')
  })

  test('sees no more of anybody: neither presence nor access', async () => {
    const [pia, friend] = [newUser('pia'), newUser('friend')]
    await publish(pia, 'desk')
    await allow(pia, friend)
    expect(await shown(friend, pia)).toBe('BUSY')
    const { presencePrivacyAdministration } = await administer(`{
      presencePrivacyAdministration { user(id: "${pia}") { user { id presence { status } presenceAccess } } }
    }`)
    expect(presencePrivacyAdministration.user.user).toEqual({
      id: pia,
      presence: { status: 'OFFLINE' },
      presenceAccess: 'NONE',
    })
  })

  test('accepts all that waits for a user, and touches nothing that is decided', async () => {
    const [pia, first, second, blocked] = [newUser('pia'), newUser(), newUser(), newUser()]
    await publish(pia, 'desk')
    for (const watcher of [first, second, blocked]) await ask(watcher, pia)
    await as(
      pia,
      'mutation ($input: DecidePresenceAccessInput!) { decidePresenceAccess(input: $input) { results { decision } } }',
      { input: { userIds: [blocked], decision: 'BLOCKED' } },
    )
    const accept = () =>
      administer(
        'mutation ($input: AcceptAllPendingRequestsOfUserInput!) { acceptAllPendingRequestsOfUser(input: $input) { acceptedCount hasMore } }',
        { userId: pia },
      )
    expect((await accept())['acceptAllPendingRequestsOfUser']).toEqual({ acceptedCount: 2, hasMore: false })
    expect(await Promise.all([first, second, blocked].map((watcher) => shown(watcher, pia)))).toEqual([
      'BUSY',
      'BUSY',
      'OFFLINE',
    ])
    expect((await accept())['acceptAllPendingRequestsOfUser'].acceptedCount).toBe(0)
  })
})

describe('a user', () => {
  test('reads which of their own settings are locked, and by which class', async () => {
    const [user, name] = [newUser(), await create({ invitationHandling: 'AUTO_ACCEPT', maxContacts: 9 })]
    expect((await as(user, OWN))['presencePrivacy']).toMatchObject({
      preference: { invitationHandlingLocked: false, appearOfflineLocked: false },
      classOfService: { name: 'default', maxContacts: 500 },
    })
    await assign(name, user)
    await administer(UPDATE_CLASS, { name, appearOfflineAllowed: false })

    expect((await as(user, OWN))['presencePrivacy']).toMatchObject({
      preference: {
        invitationHandling: 'PROMPT',
        effectiveInvitationHandling: 'AUTO_ACCEPT',
        invitationHandlingLocked: true,
        appearOfflineLocked: true,
      },
      classOfService: { name, maxContacts: 9 },
    })
    const { setPresencePreference } = await prefer(user, {
      invitationHandling: 'PROMPT',
      appearOffline: true,
    })
    expect(setPresencePreference.refused).toEqual([
      { field: 'invitationHandling', reason: 'LOCKED_BY_CLASS_OF_SERVICE' },
      { field: 'appearOffline', reason: 'LOCKED_BY_CLASS_OF_SERVICE' },
    ])
  })

  test('who appears offline when their class comes to forbid it goes on until the sessions of before end; no other session inherits it', async () => {
    const [pia, friend, name] = [newUser('pia'), newUser('friend'), await create()]
    await assign(name, pia)
    await allow(pia, friend)
    await prefer(pia, { appearOffline: true })
    await publish(pia, 'desk')
    expect(await shown(friend, pia)).toBe('OFFLINE')

    await administer(UPDATE_CLASS, { name, appearOfflineAllowed: false })
    expect(await shown(friend, pia)).toBe('OFFLINE')
    await publish(pia, 'desk')
    await publish(pia, 'phone')
    expect(await shown(friend, pia)).toBe('OFFLINE')
    const { preference, appearsOffline } = (await as(pia, OWN))['presencePrivacy']
    expect([appearsOffline, preference.appearOffline, preference.appearOfflineLocked]).toEqual([
      true,
      true,
      true,
    ])

    await end(pia, 'desk')
    expect(await shown(friend, pia)).toBe('BUSY')
    await publish(pia, 'tablet')
    await end(pia, 'phone')
    expect(await shown(friend, pia)).toBe('BUSY')
    expect((await as(pia, OWN))['presencePrivacy'].appearsOffline).toBe(false)

    await administer(UPDATE_CLASS, { name, appearOfflineAllowed: true })
    expect(await shown(friend, pia)).toBe('OFFLINE')
  })

  test('who appears offline in the middle of a session is not exposed in it, though the class forbade it when it began', async () => {
    const [pia, friend, name] = [newUser('pia'), newUser('friend'), await create()]
    await assign(name, pia)
    await allow(pia, friend)
    await administer(UPDATE_CLASS, { name, appearOfflineAllowed: false })
    await publish(pia, 'desk')
    await administer(UPDATE_CLASS, { name, appearOfflineAllowed: true })
    await prefer(pia, { appearOffline: true })

    await administer(UPDATE_CLASS, { name, appearOfflineAllowed: false })
    expect(await shown(friend, pia)).toBe('OFFLINE')
    await assign(await create({ appearOfflineAllowed: false }), pia)
    expect(await shown(friend, pia)).toBe('OFFLINE')
    expect((await as(pia, OWN))['presencePrivacy'].appearsOffline).toBe(true)

    await end(pia, 'desk')
    await publish(pia, 'desk')
    expect(await shown(friend, pia)).toBe('BUSY')
  })
})
