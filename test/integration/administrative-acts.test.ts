import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assignClass, setPresenceServer } from '../../src/application/administer-users.ts'
import { eraseUser } from '../../src/application/erase-user.ts'
import { explainSight } from '../../src/application/explain-sight.ts'
import { exportUser } from '../../src/application/export-user.ts'
import { StorageFault } from '../../src/application/ports.ts'
import { FIRST_SETTINGS } from '../../src/domain/class-settings.ts'
import { ROOT as actor } from '../support/administrators.ts'
import * as documents from '../support/administrators-documents.ts'
import { countStatements } from '../support/count-statements.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { placesOf } from '../support/places-of.ts'
import { POLICY } from '../support/policy.ts'
import { askGraphQL, postGraphQL } from '../support/post-graphql.ts'
import { postgresStorage, type PostgresStorage } from '../support/postgres-storage.ts'
import { startApp, tokenOf, type TestApp } from '../support/start-app.ts'
import type { Told } from '../support/told.ts'

const ACTS = /* GraphQL */ `
  query ($first: Int! = 50, $after: String, $actorId: ID, $userId: ID, $since: DateTime, $until: DateTime) {
    presencePrivacyAudit {
      administrativeActs(
        first: $first
        after: $after
        actorId: $actorId
        userId: $userId
        since: $since
        until: $until
      ) {
        nodes {
          id
          at
          actorId
          act
          className
          settings {
            name
            before
            after
          }
          userCount
          userIds
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`
const USERS = /* GraphQL */ `
  query ($actId: ID!, $first: Int! = 500, $after: String) {
    presencePrivacyAudit {
      usersOfAdministrativeAct(actId: $actId, first: $first, after: $after) {
        userIds
        hasNextPage
        endCursor
      }
    }
  }
`
const EXPORT = 'query ($userId: ID!) { exportPresenceUser(userId: $userId) { hasNextPage } }'
const ERASE = 'mutation ($userId: ID!) { erasePresenceUser(input: { userId: $userId }) { erasedUserId } }'

let database: TestDatabase
let storage: PostgresStorage
let app: TestApp

beforeAll(async () => {
  database = await createTestDatabase()
  storage = await postgresStorage(database)
  app = await startApp(database)
})
afterAll(async () => {
  await app.stop()
  await storage.close()
})

async function administer(user: string, query: string, variables: Told): Promise<Told> {
  const token = await tokenOf(user, { roles: ['administrator'] })
  return askGraphQL<Told>(app.url, { query, variables, token })
}

async function audit(query: string, variables: Told = {}): Promise<Told> {
  const token = await tokenOf('ann', { roles: ['auditor'] })
  return (await askGraphQL<Told>(app.url, { query, variables, token }))['presencePrivacyAudit'] as Told
}

async function faultOf(user: string, role: string, query: string, variables: Told) {
  const token = await tokenOf(user, { roles: [role] })
  return (await postGraphQL(app.url, { query, variables, token })).errors[0]?.extensions
}

describe('an auditor', () => {
  it('reads every act of an administrator, page by page', async () => {
    const [root, name, pia, wim] = [newUser('root'), newUser('class'), newUser('a-pia'), newUser('b-wim')]
    const userIds = [wim, pia]
    await administer(root, documents.CREATE_CLASS, { input: { name, maxContacts: 9 } })
    await administer(root, documents.UPDATE_CLASS, { input: { name, appearOfflineAllowed: false } })
    await administer(root, documents.ASSIGN_CLASS, { input: { userIds, className: name } })
    await administer(root, documents.SET_PRESENCE_SERVER, {
      input: { userIds: [pia], server: 'SITE_DEFAULT' },
    })
    await administer(root, documents.SET_SITE, { input: { presenceServer: 'OCS_2007' } })
    await administer(root, documents.SET_SITE, { input: {} })
    await administer(root, EXPORT, { userId: pia })
    await administer(root, ERASE, { userId: pia })

    const { administrativeActs: first } = await audit(ACTS, { actorId: root, first: 3 })
    expect(first.pageInfo.hasNextPage).toBe(true)
    const token = first.nodes[0].userIds[0] as string
    expect(token).toMatch(/^erased:[0-9a-f-]{36}$/)
    const none = { className: null, settings: [], userCount: 1, userIds: [token], actorId: root }
    expect(first.nodes).toMatchObject([
      { act: 'ERASED', ...none },
      { act: 'EXPORTED', ...none },
      {
        act: 'SITE_CHANGED',
        settings: [{ name: 'presenceServer', before: 'NONE_KNOWN', after: 'OCS_2007' }],
        ...{ userCount: 0, userIds: [] },
      },
    ])
    const after = first.pageInfo.endCursor as string
    const { administrativeActs: second } = await audit(ACTS, { actorId: root, after })
    expect(second.pageInfo.hasNextPage).toBe(false)
    expect(second.nodes).toMatchObject([
      {
        act: 'PRESENCE_SERVER_SET',
        settings: [{ name: 'presenceServer', before: null, after: 'SITE_DEFAULT' }],
      },
      { act: 'CLASS_ASSIGNED', className: name, userCount: 2 },
      {
        act: 'CLASS_CHANGED',
        className: name,
        settings: [{ name: 'appearOfflineAllowed', before: 'true', after: 'false' }],
      },
      { act: 'CLASS_CREATED', className: name },
    ])
    expect(new Set(second.nodes[1].userIds)).toEqual(new Set([token, wim]))
    expect(second.nodes[3].settings).toContainEqual({ name: 'maxContacts', before: null, after: '9' })

    const { at } = second.nodes[2] as { at: string }
    const { administrativeActs: since } = await audit(ACTS, { userId: wim, since: at })
    expect(since.nodes).toMatchObject([{ act: 'CLASS_ASSIGNED' }])
    expect((await audit(ACTS, { userId: wim, until: at }))['administrativeActs'].nodes).toEqual([])
    expect((await audit(ACTS, { userId: pia }))['administrativeActs'].nodes).toEqual([])
  })

  it('reads everybody whom an act was about', async () => {
    const [root, userIds] = [newUser('root'), Array.from({ length: 25 }, () => newUser())]
    await administer(root, documents.SET_PRESENCE_SERVER, { input: { userIds, server: 'OCS_2007' } })
    const [act] = (await audit(ACTS, { actorId: root }))['administrativeActs'].nodes as [Told]
    const ordered = [...userIds].sort()
    expect(act['userIds']).toEqual(ordered.slice(0, 20))
    const of = { actId: act['id'] as string, first: 24 }
    const { usersOfAdministrativeAct: first } = await audit(USERS, of)
    expect(first).toMatchObject({ userIds: ordered.slice(0, 24), hasNextPage: true })
    const { usersOfAdministrativeAct: rest } = await audit(USERS, { ...of, after: first.endCursor as string })
    expect(rest).toMatchObject({ userIds: ordered.slice(24), hasNextPage: false })
    const { usersOfAdministrativeAct: nobody } = await audit(USERS, { actId: 'A'.repeat(22) })
    expect(nobody).toEqual({ userIds: [], hasNextPage: false, endCursor: null })
  })

  it('is told which page, id or act cannot be', async () => {
    const code = 'BAD_USER_INPUT'
    const fault = (query: string, variables: Told) => faultOf('ann', 'auditor', query, variables)
    expect(await fault(ACTS, { first: 0 })).toEqual({ code, field: 'first' })
    expect(await fault(ACTS, { after: 'x' })).toEqual({ code, field: 'after' })
    expect(await fault(ACTS, { userId: 'a\u0000' })).toEqual({ code, field: 'userId' })
    expect(await fault(ACTS, { actorId: '' })).toEqual({ code, field: 'actorId' })
    expect(await fault(USERS, { actId: 'x' })).toEqual({ code, field: 'actId' })
    expect(await fault(USERS, { actId: '1' })).toEqual({ code, field: 'actId' })
    const actId = 'A'.repeat(22)
    expect(await fault(USERS, { actId, first: 501 })).toEqual({ code, field: 'first' })
    const nul = Buffer.from('a\u0000').toString('base64url')
    expect(await fault(USERS, { actId, after: nul })).toEqual({ code, field: 'after' })
  })
})

it('an administrator who was erased does nothing more with a token that is still valid', async () => {
  const [root, name, pia] = [newUser('root'), newUser('class'), newUser('pia')]
  await administer(newUser('root'), ERASE, { userId: root })
  const code = 'USER_ERASED'
  const fault = (query: string, variables: Told) => faultOf(root, 'administrator', query, variables)
  expect(await fault(documents.CREATE_CLASS, { input: { name } })).toEqual({ code })
  expect(await fault(EXPORT, { userId: pia })).toEqual({ code })
  expect(await fault(ERASE, { userId: pia })).toEqual({ code })
  expect(await placesOf(database, root)).toEqual([])
})

describe('an act and its record', () => {
  it('happen together or not at all', async () => {
    const { administration, records, acts } = storage
    const [name, pia] = [newUser('class'), newUser('pia')]
    const settings = { maxContacts: 1 }
    await administration.createClass({ actor, name, settings: FIRST_SETTINGS, maxClasses: 100 })
    const everything = () => database.query(EVERYTHING_SET)
    const before = await everything()
    await database.query(
      `alter table presence_privacy.administrative_acts add constraint refused check (act is null) not valid`,
    )
    try {
      const refused = [
        () =>
          administration.createClass({
            ...{ actor, name: newUser('class'), settings: FIRST_SETTINGS, maxClasses: 100 },
          }),
        () => administration.changeClass({ actor, name, settings }),
        () => assignClass(administration, { actor, users: [pia], className: name }),
        () => setPresenceServer(administration, { actor, users: [pia], server: 'OCS_2007' }),
        () => administration.setSite({ actor, presenceServer: 'CONVERGED_CONFERENCING' }),
        () => exportUser(storage, { actor, user: pia, first: 1, from: null }),
        () => explainSight({ ...storage, ...POLICY }, { actor, presentity: pia, watcher: pia }),
        () => eraseUser(records, { user: pia, actor }),
      ]
      for (const act of refused) await expect(act()).rejects.toBeInstanceOf(StorageFault)
      expect(await everything()).toEqual(before)
      expect(await placesOf(database, pia)).toEqual([])
    } finally {
      await database.query(`alter table presence_privacy.administrative_acts drop constraint refused`)
    }
    expect(await acts.audit({ ...ANY, user: pia, limit: 1 })).toEqual([])
  })

  it('about a user and the user’s erasure at the same moment leave no trace of the user', async () => {
    const { administration, records } = storage
    for (let round = 0; round < 30; round += 1) {
      const pia = newUser('pia')
      const users = [newUser(), pia, newUser()]
      const acts = [
        () => eraseUser(records, { user: pia, actor }),
        () => assignClass(administration, { actor, users, className: 'default' }),
        () => setPresenceServer(administration, { actor, users, server: 'OCS_2007' }),
        () => exportUser(storage, { actor, user: pia, first: 1, from: null }),
      ]
      const first = round % acts.length
      await Promise.all([...acts.slice(first), ...acts.slice(0, first)].map((act) => act()))
      expect(await placesOf(database, pia)).toEqual([])
    }
  })
})

it('every statement about acts opens with the name of its caller', async () => {
  const sent = countStatements()
  try {
    await exportUser(storage, { actor, user: newUser(), first: 1, from: { section: 0, after: null } })
    const [act] = await storage.acts.audit({ ...ANY, actor: actor.id, limit: 1 })
    await storage.acts.usersOf({ act: act!.id, after: null, limit: 1 })
    await storage.acts.forget({ olderThanMs: 1e12, limit: 1 })
    expect(sent.callers()).toEqual(
      expect.arrayContaining(['findRecordedAct', 'auditActs', 'usersOfAct', 'forgetActUsers', 'forgetActs']),
    )
    expect(sent.callers().filter((caller) => caller.startsWith('nobody'))).toEqual([])
  } finally {
    sent.stop()
  }
})

const ANY = { actor: null, user: null, since: null, until: null, after: null }

const EVERYTHING_SET = `
  select to_jsonb(c) as row from presence_privacy.classes_of_service c
  union all select to_jsonb(s) from presence_privacy.site_settings s
  union all select to_jsonb(u) from presence_privacy.users u
  union all select to_jsonb(e) from presence_privacy.erased_users e
  union all select to_jsonb(a) from presence_privacy.administrative_act_users a
  order by row`
