import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assignClass, setPresenceServer } from '../../src/application/administer-users.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { FIRST_SETTINGS, SETTING_RANGES, type RangedSetting } from '../../src/domain/class-settings.ts'
import { parseUserId, type UserId } from '../../src/domain/user-id.ts'
import { ROOT as actor } from '../support/administrators.ts'
import { countStatements } from '../support/count-statements.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { postgresStorage, type PostgresStorage } from '../support/postgres-storage.ts'

const MANY = 100_000

let database: TestDatabase
let storage: PostgresStorage

beforeAll(async () => {
  database = await createTestDatabase()
  storage = await postgresStorage(database)
})
afterAll(() => storage.close())

async function create(): Promise<string> {
  const name = newUser('class')
  await storage.administration.createClass({ actor, name, settings: FIRST_SETTINGS, maxClasses: 100 })
  return name
}

async function column<Value>(name: string, users: readonly UserId[]): Promise<Value[]> {
  const rows = await database.query<{ value: Value }>(
    `select ${name} as value from unnest($1::text[]) with ordinality as asked (id, place)
     join presence_privacy.users u using (id) order by place`,
    [users],
  )
  return rows.map(({ value }) => value)
}

describe('a class for a hundred thousand users', () => {
  it('is assigned to all of them at once, with progress, and to nobody when it fails on the way', async () => {
    const [className, another] = [await create(), await create()]
    const of = (number: number): UserId => parseUserId(`user-${(number * 7919) % MANY}`)!
    async function* everybody(): AsyncGenerator<UserId> {
      for (let number = 0; number < MANY; number += 1) {
        if (number % 1000 === 0) await Promise.resolve()
        yield of(number)
      }
    }
    const [pia, wim, bob] = [of(1), of(2), of(3)]
    const ask = { presentities: [pia], trigger: 'CALL', addToContacts: true } as const
    for (const watcher of [wim, bob]) await requestAccess(storage.privacy, { watcher, ...ask })
    await decideAccess(storage.privacy, {
      presentity: pia,
      watchers: [bob],
      verdict: 'BLOCKED',
      endsAt: null,
    })
    const before = await everythingOfPairs()

    const told: number[] = []
    const startedAt = performance.now()
    const assigned = await assignClass(storage.administration, {
      actor,
      users: everybody(),
      className,
      onProgress({ done, of: all }) {
        if (all === MANY) told.push(done)
      },
    })
    const took = performance.now() - startedAt
    console.log(`a class assigned to ${MANY} users in ${(took / 1000).toFixed(1)} s`)

    expect(assigned).toEqual({ assigned: MANY })
    expect(told.length).toBeGreaterThanOrEqual(10)
    expect(told).toEqual([...told].sort((a, b) => a - b))
    expect(told.at(-1)).toBe(MANY)
    expect((await storage.administration.assignedUsers()).get(className)).toBe(MANY)
    expect(await everythingOfPairs()).toEqual(before)

    const failing = assignClass(storage.administration, {
      actor,
      users: everybody(),
      className: another,
      onProgress({ done }) {
        if (done > MANY / 2) throw new Error('stopped half-way')
      },
    })
    await expect(failing).rejects.toThrow('stopped half-way')
    expect((await storage.administration.assignedUsers()).get(className)).toBe(MANY)
    expect((await storage.administration.assignedUsers()).get(another)).toBe(0)
  }, 120_000)

  it('is changed in one row', async () => {
    const name = await create()
    const users = [newUser(), newUser()]
    await assignClass(storage.administration, { actor, users, className: name })
    const rows = () =>
      database.query<{ xmin: string }>(
        `select 'user' as what, xmin::text from presence_privacy.users where id = any($1) order by id`,
        [users],
      )
    const before = await rows()
    const sent = countStatements()
    try {
      await storage.administration.changeClass({ actor, name, settings: { maxContacts: 1 } })
      expect(sent.callers()).toEqual([
        ...['keepOffErasures', 'beginAct', 'lockChangedClass', 'changeClass', 'notify', 'writeAct'],
      ])
    } finally {
      sent.stop()
    }
    expect(await rows()).toEqual(before)
  })
})

describe('bulk changes at the same time', () => {
  it('of the same users, and answers among them, wait for each other and never for ever', async () => {
    const [first, second] = [await create(), await create()]
    const users = Array.from({ length: 300 }, () => newUser())
    const answers = users.slice(0, 20).map((presentity, place) =>
      decideAccess(storage.privacy, {
        presentity,
        watchers: [users[299 - place]!, users[150 + place]!],
        verdict: 'ALLOWED',
        endsAt: null,
      }),
    )
    const outcomes = await Promise.all([
      assignClass(storage.administration, { actor, users, className: first }),
      assignClass(storage.administration, { actor, users: [...users].reverse(), className: second }),
      setPresenceServer(storage.administration, { actor, users, server: 'OCS_2007' }),
      ...answers,
    ])

    expect(outcomes).toHaveLength(23)
    const classes = await column<number>('class_id', users)
    expect(new Set(classes).size).toBe(1)
    expect(new Set(await column('presence_server', users))).toEqual(new Set(['OCS_2007']))
  })
})

it('every statement of an administrator opens with the name of its caller', async () => {
  const { administration } = storage
  const sent = countStatements()
  try {
    const [name, users] = [await create(), [newUser()]]
    await administration.classes()
    await administration.findClass(name)
    await administration.assignedUsers()
    await administration.changeClass({ actor, name, settings: { maxContacts: 1 } })
    await assignClass(administration, { actor, users, className: name })
    await setPresenceServer(administration, { actor, users, server: 'NONE_KNOWN' })
    await administration.settingsOf(users)
    await administration.setSite({ actor, ...(await administration.site()) })
    expect(sent.callers().length).toBeGreaterThanOrEqual(10)
    expect(sent.callers().filter((caller) => caller.startsWith('nobody'))).toEqual([])
  } finally {
    sent.stop()
  }
})

describe('revisions', () => {
  it('rise for whoever is changed, and for nobody of whom it was so before', async () => {
    const [className, user, already] = [await create(), newUser(), newUser()]
    const { administration } = storage
    const revisions = async () => (await column<string>('revision', [user, already])).map(Number)
    await assignClass(administration, { actor, users: [already], className })
    await setPresenceServer(administration, { actor, users: [already], server: 'OCS_2007' })
    await assignClass(administration, { actor, users: [user], className: 'default' })
    const [ofUser, ofAlready] = (await revisions()) as [number, number]

    await assignClass(administration, { actor, users: [user, already], className })
    const [afterClass, ofAlreadyThen] = (await revisions()) as [number, number]
    expect(afterClass).toBeGreaterThan(ofUser)
    expect(ofAlreadyThen).toBe(ofAlready)
    await setPresenceServer(administration, { actor, users: [user, already], server: 'OCS_2007' })
    const [afterServer, ofAlreadyAtLast] = (await revisions()) as [number, number]
    expect(afterServer).toBeGreaterThan(afterClass)
    expect(ofAlreadyAtLast).toBe(ofAlready)
  })

  it('of a class and of the site rise with every change of them', async () => {
    const { administration } = storage
    const name = await create()
    const revisions = async () => {
      const rows = await database.query<{ revision: string }>(
        `select revision from presence_privacy.classes_of_service where name = $1
         union all select revision from presence_privacy.site_settings`,
        [name],
      )
      return rows.map(({ revision }) => Number(revision))
    }
    const [ofClass, ofSite] = (await revisions()) as [number, number]
    await administration.changeClass({ actor, name, settings: { maxContacts: 1 } })
    await administration.changeClass({ actor, name, settings: { pendingShown: false } })
    await administration.setSite({ actor, presenceServer: 'OCS_2007' })
    expect(await revisions()).toEqual([ofClass + 2, ofSite + 1])
    await administration.setSite({ actor, presenceServer: 'NONE_KNOWN' })
  })
})

describe('the tables', () => {
  const COLUMNS: Record<RangedSetting, string> = {
    maxContacts: 'max_contacts',
    requestsPerMinute: 'requests_per_minute',
    requestsPerDay: 'requests_per_day',
    requestLifetimeSeconds: 'request_lifetime_seconds',
    requestCooldownSeconds: 'request_cooldown_seconds',
  }

  it.each(Object.entries(COLUMNS) as [RangedSetting, string][])(
    'check %s as the code does',
    async (setting, name) => {
      const { least, most } = SETTING_RANGES[setting]
      const set = (value: number) =>
        database.query(`update presence_privacy.classes_of_service set ${name} = $1 where id <> 1`, [value])
      await create()
      await set(least)
      await set(most)
      await expect(set(least - 1)).rejects.toThrow('check constraint')
      await expect(set(most + 1)).rejects.toThrow('check constraint')
    },
  )

  it('hold no class without a name, no second row of settings, and no server that nobody knows', async () => {
    const refused = [
      `update presence_privacy.classes_of_service set name = ''`,
      `insert into presence_privacy.site_settings (id, sealing_key) values (2, 'key')`,
      `update presence_privacy.site_settings set presence_server = 'SITE_DEFAULT'`,
    ]
    for (const statement of refused) {
      await expect(database.query(statement)).rejects.toThrow('check constraint')
    }
  })
})

/** Edges, views, requests and notices, to the last column. */
async function everythingOfPairs(): Promise<unknown[]> {
  const tables = ['pairs', 'incoming_items', 'outgoing_requests'].map((table) =>
    database.query(`select to_jsonb(t) as row from presence_privacy.${table} t order by to_jsonb(t)::text`),
  )
  const rows = (await Promise.all(tables)).flat()
  expect(rows.length).toBeGreaterThanOrEqual(6)
  return rows
}
