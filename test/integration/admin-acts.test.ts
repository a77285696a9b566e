import { beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { newUser } from '../support/new-user.ts'
import { operatorsTool } from '../support/operators-tool.ts'

type Shown = { act: string; by: string; className: string | null; users: string[]; userCount: number }

let database: TestDatabase
const { admin, json } = operatorsTool(() => database)

beforeAll(async () => {
  database = await createTestDatabase()
})

async function acts(...args: string[]): Promise<Shown[]> {
  return (await json<{ acts: Shown[] }>(['acts', ...args])).acts
}

describe('the site', () => {
  it('shows its presence server, and has another one set', async () => {
    expect(await json(['site'])).toEqual({ site: { presenceServer: 'NONE_KNOWN' } })
    expect(await json(['site', 'OCS_2007'])).toEqual({ site: { presenceServer: 'OCS_2007' } })
    expect(await admin(['site'])).toMatchObject({
      exitCode: 0,
      stdout: 'The presence server of the site is OCS_2007.\n',
    })
    expect(await json(['site', 'NONE_KNOWN'])).toEqual({ site: { presenceServer: 'NONE_KNOWN' } })
  })
})

describe('every act of the tool', () => {
  it('is recorded under the account that ran it, or under the name that was given', async () => {
    const [name, as, pia, wim] = [newUser('class'), newUser('ann'), newUser('a-pia'), newUser('b-wim')]
    const commands = [
      ['classes', 'create', name],
      ['classes', 'update', name, '--max-contacts', '3', '--new-name', `${name}-2`],
      ['assign', `${name}-2`, pia, wim],
      ['server', 'OCS_2007', pia],
      ['site', 'CONVERGED_CONFERENCING'],
      ['why', '--presentity', pia, '--watcher', wim],
      ['export', wim],
      ['erase', wim, '--yes'],
    ]
    for (const command of commands)
      expect(await admin([...command, '--as', as])).toMatchObject({ exitCode: 0 })
    await json(['site', 'NONE_KNOWN'])
    await json(['site'])
    await json(['classes', 'list'])

    const [latest] = await acts('--first', '1')
    expect(latest).toMatchObject({ act: 'SITE_CHANGED', by: 'operator:test' })
    const done = await acts('--by', as)
    expect(done.map(({ act }) => act)).toEqual([
      ...['ERASED', 'EXPORTED', 'SIGHT_EXPLAINED', 'SITE_CHANGED'],
      ...['PRESENCE_SERVER_SET', 'CLASS_ASSIGNED', 'CLASS_CHANGED', 'CLASS_CREATED'],
    ])
    const token = done[0]!.users[0]!
    expect(token).toMatch(/^erased:/)
    expect(done[2]!.users.sort()).toEqual([pia, token])

    const { stdout } = await admin(['acts', '--by', as])
    const lines = stdout.trimEnd().split('\n')
    expect(lines[6]).toMatch(new RegExp(`Z  ${as}  CLASS_CHANGED  "${name}"  .*maxContacts 500 -> 3`))
    expect(lines[3]).toContain('presenceServer NONE_KNOWN -> CONVERGED_CONFERENCING')
    expect(stdout).not.toContain(wim)
  })

  it('is found by the user whom it was about, and the users of a long one are cut short', async () => {
    const users = Array.from({ length: 25 }, () => newUser())
    await json(['server', 'OCS_2007'], { input: users.join('\n') })
    const [act, ...others] = await acts('--user', users[7]!)
    expect(others).toEqual([])
    expect(act).toMatchObject({ act: 'PRESENCE_SERVER_SET', userCount: 25 })
    expect(act!.users).toEqual([...users].sort().slice(0, 20))
    const { stdout } = await admin(['acts', '--user', users[7]!])
    expect(stdout).toMatch(/presenceServer OCS_2007 {2}.*, and 5 more\n$/)
    expect((await admin(['acts', '--user', newUser()])).stdout).toBe('Nothing is recorded.\n')
    await json(['site', 'NONE_KNOWN'])
    expect((await admin(['acts', '--first', '1'])).stdout).toContain('… and earlier ones')
  })

  it('counts nobody who was erased', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    await admin(['erase', pia, '--yes'])
    expect((await admin(['server', 'OCS_2007', pia, wim])).stdout).toBe('1 user is now at OCS_2007.\n')
    expect(await admin(['site', 'OCS_2007', '--as', pia])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('was erased') as unknown,
    })
  })

  it('on seeding is recorded, and nothing else is', async () => {
    const as = newUser('seeder')
    await json(['seed', '--as', as])
    expect((await acts('--by', as)).map(({ act, className }) => [act, className])).toEqual([
      ['CLASS_ASSIGNED', 'contact centre'],
      ['CLASS_CREATED', 'contact centre'],
      ['CLASS_ASSIGNED', 'reception'],
      ['CLASS_CREATED', 'reception'],
    ])
  })
})
