import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mkdir, writeFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/admin/run-admin.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import { parseUserId, type UserId } from '../../src/domain/user-id.ts'
import { openDatabase } from '../../src/postgres/database.ts'
import { postgresPrivacyStore } from '../../src/postgres/privacy-store.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { operatorsTool, type Given } from '../support/operators-tool.ts'
import { databaseOptions } from '../support/postgres-storage.ts'
import { startProcess, temporaryFolder } from '../support/start-process.ts'

const page = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8')
const TOOL = 'src/admin/main.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})

const { admin, json } = operatorsTool(() => database)

type Why = {
  disclosed: boolean
  decidedBy: string
  composedBy: string | null
  presence: { status: string }
  edge: { state: string }
}

function why(presentity: string, watcher: string, given?: Given): Promise<Why> {
  return json<Why>(['why', '--presentity', presentity, '--watcher', watcher], given)
}

describe('help', () => {
  it('of the tool names every command', async () => {
    const { exitCode, stdout, stderr } = await admin(['--help'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    for (const { name, summary } of COMMANDS)
      expect(stdout).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'))
  })

  it.each(COMMANDS.map(({ name }) => [name]))(
    'of "%s" shows its options, examples and exit codes',
    async (name) => {
      const { exitCode, stdout, stderr } = await admin([...name.split(' '), '--help'])
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      expect(stdout).toMatch(new RegExp(`^Usage: npm run admin -- ${name}`))
      expect(stdout).toContain(`  npm run admin -- ${name}`)
      expect(stdout).toContain('Exit codes: 0')
      for (const option of Object.keys(COMMANDS.find((command) => command.name === name)?.options ?? {})) {
        expect(stdout).toContain(`--${option}`)
      }
    },
  )
})

describe('wrong usage', () => {
  it.each([
    ['no command', [], /^$/],
    ['an unknown command', ['clases', 'list'], /no command "clases list"/],
    ['half a command', ['classes'], /no command "classes"/],
    ['an unknown option', ['seed', '--force'], /--force/],
    ['a class without a name', ['classes', 'create'], /name of the class is missing/],
    ['a number that is none', ['classes', 'create', 'x', '--max-contacts', '-1'], /max-contacts/],
    [
      'a number out of range',
      ['classes', 'create', 'x', '--max-contacts', '501'],
      /--max-contacts is 0 to 500/,
    ],
    ['a word that is none', ['classes', 'create', 'x', '--appear-offline', 'maybe'], /one of on, off/],
    ['nothing to change', ['classes', 'update', 'default'], /Nothing to change/],
    ['nobody to assign', ['assign', 'default'], /No user was named/],
    ['ids in two places', ['assign', 'default', 'a', '--file', 'b'], /not both/],
    ['a file that is not there', ['assign', 'default', '--file', '/nowhere/users'], /ENOENT/],
    ['an unknown server', ['server', 'LYNC', 'a'], /OCS_2007, CONVERGED_CONFERENCING, SITE_DEFAULT/],
    ['one of two users', ['why', '--presentity', 'a'], /--watcher is missing/],
    ['an erasure that nobody confirms', ['erase', 'a'], /--yes/],
    ['a user who is none', ['erase', 'a\u0007', '--yes'], /no user id/],
    ['two users', ['export', 'a', 'b'], /One user at a time/],
    ['a server that the site cannot have', ['site', 'SITE_DEFAULT'], /OCS_2007, .*NONE_KNOWN/],
    ['two servers of the site', ['site', 'OCS_2007', 'OCS_2007'], /One kind/],
    ['acts of whom', ['acts', 'alice'], /--by and --user/],
    ['no acts', ['acts', '--first', '0'], /--first is 1 to 500/],
  ])('explains itself and changes nothing: %s', async (_, args, said) => {
    const { exitCode, stderr } = await admin(args)
    expect(exitCode).toBe(64)
    expect(stderr).toMatch(said)
    if (args.length > 0) expect(stderr).toContain('npm run admin -- ')
  })

  it('names the line that is no user id, and assigns nobody', async () => {
    const { exitCode, stderr } = await admin(['assign', 'default'], { input: 'ok\nbad\u0000id\n' })
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('Line 2') })
    expect(await database.query(`select id from presence_privacy.users where id = 'ok'`)).toEqual([])
  })
})

describe('a wrong argument', () => {
  it.each([
    ['a class that there is not', ['assign', 'nowhere', 'a'], /no class "nowhere".*classes list/],
    [
      'a change of a class that there is not',
      ['classes', 'update', 'nowhere', '--max-contacts', '1'],
      /no class/,
    ],
    ['a second class of a name', ['classes', 'create', 'default'], /classes update/],
    [
      'another name for the default class',
      ['classes', 'update', 'default', '--new-name', 'x'],
      /keeps its name/,
    ],
  ])('is refused with what to do: %s', async (_, args, said) => {
    const { exitCode, stdout, stderr } = await admin(args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toMatch(said)
  })

  it('a wrong configuration is code 78 and lists the faults', async () => {
    const { exitCode, stderr } = await admin(['classes', 'list'], { env: { DATABASE_POOL_SIZE: 'many' } })
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 78,
      stderr: expect.stringContaining('DATABASE_POOL_SIZE'),
    })
  })

  it('a database that cannot be reached is code 69, and its address is nowhere in the message', async () => {
    const url = 'postgres://presence:hunter2@127.0.0.1:9/presence'
    const { exitCode, stdout, stderr } = await admin(['classes', 'list'], { env: { DATABASE_URL: url } })
    expect({ exitCode, stdout }).toEqual({ exitCode: 69, stdout: '' })
    expect(stderr).toContain('DATABASE_URL')
    expect(stderr).toContain('ECONNREFUSED')
    expect(stderr).not.toMatch(/hunter2|127\.0\.0\.1|postgres:/)
  })
})

describe('classes of service', () => {
  it('are made, changed and listed with every setting', async () => {
    const settings = {
      invitationHandling: 'PROMPT',
      pendingShown: false,
      appearOfflineAllowed: false,
      maxContacts: 7,
      requestsPerMinute: 8,
      requestsPerDay: 9,
      requestLifetimeSeconds: 3600,
      requestCooldownSeconds: 0,
    }
    const flags = ['--invitation-handling', 'PROMPT', '--pending-shown', 'off', '--appear-offline', 'off']
    const numbers = ['--max-contacts', '7', '--requests-per-minute', '8', '--requests-per-day', '9']
    const times = ['--request-lifetime-seconds', '3600', '--request-cooldown-seconds', '0']
    expect(await json(['classes', 'create', 'strict', ...flags, ...numbers, ...times])).toEqual({
      classOfService: { name: 'strict', ...settings },
    })
    await json(['classes', 'update', 'strict', '--new-name', 'stricter', '--max-contacts', '6'])
    const { classes } = await json<{ classes: object[] }>(['classes', 'list'])
    expect(classes).toContainEqual({ name: 'stricter', ...settings, maxContacts: 6, assignedUsers: 0 })
    expect((await admin(['classes', 'list'])).stdout).toContain(
      'stricter (0 users)\n  --invitation-handling PROMPT\n',
    )
  })

  it('are assigned to a thousand users from standard input, with progress apart from the result', async () => {
    await json(['classes', 'create', 'many'])
    const ids = Array.from({ length: 1000 }, (_, number) => `ü-${String(number)}`)
    const given = { input: `${ids.join('\r\n')}\r\n${String(ids[0])}` }
    const { exitCode, stdout, stderr } = await admin(['assign', 'many'], given)
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '1000 users are now in "many".\n' })
    expect(stderr).toBe('read 1001 ids\n1000 of 1000\n')
    const [count] = await database.query<{ users: number }>(
      `select count(*)::int as users from presence_privacy.users where id like 'ü-%'`,
    )
    expect(count).toEqual({ users: 1000 })
    expect((await admin(['assign', 'many', '--quiet'], given)).stderr).toBe('')
  })
})

describe('seed, and why one sees another or does not', () => {
  it('tells the answer and the fact that decides, for each cause', async () => {
    expect(await json(['seed'])).toMatchObject({ made: { classes: 2, decisions: 4, contacts: 6 } })
    expect(await why('bob', 'alice')).toMatchObject({
      ...{ disclosed: true, decidedBy: 'EDGE', composedBy: 'SESSION', presence: { status: 'BUSY' } },
    })
    expect(await why('carol', 'alice')).toMatchObject({
      ...{ disclosed: false, decidedBy: 'EDGE', composedBy: null, edge: { state: 'BLOCKED' } },
      presence: { status: 'OFFLINE' },
    })
    expect(await why('henry', 'alice')).toMatchObject({ disclosed: false, edge: { state: 'PENDING' } })
    expect(await why('erin', 'alice')).toMatchObject({ disclosed: true, presence: { status: 'AVAILABLE' } })
    expect(await why('alice', 'carol')).toMatchObject({ disclosed: false, decidedBy: 'BLOCKED_BY_WATCHER' })
    expect(await why('alice', 'carol', { env: { BLOCKING_HIDES_BOTH_WAYS: 'off' } })).toMatchObject({
      ...{ disclosed: false, decidedBy: 'EDGE', edge: { state: 'NONE' } },
    })
    expect(await why('carol', 'dave')).toMatchObject({ disclosed: false, decidedBy: 'ONLY_CONTACTS_SEEN' })
    expect(await why('nobody', 'alice')).toMatchObject({ disclosed: false, edge: { state: 'NONE' } })
    expect(await why('alice', 'alice')).toMatchObject({ disclosed: true, decidedBy: 'SELF' })

    const { stdout } = await admin(['why', '--presentity', 'carol', '--watcher', 'alice'])
    expect(stdout).toMatch(/^alice does not see carol: carol has blocked alice\.\n/)
    expect(stdout).toMatch(/carol has decided +BLOCKED \(SET\)/)
  })

  it('seeds nothing twice, and nothing in production', async () => {
    const trail = async () => database.query('select id from presence_privacy.trail order by id')
    await json(['seed'])
    const before = await trail()
    expect(await json(['seed'])).toMatchObject({ made: { classes: 0, decisions: 0, contacts: 0 } })
    expect(await trail()).toEqual(before)
    expect(await admin(['seed'], { env: { NODE_ENV: 'production' } })).toMatchObject({ exitCode: 1 })
  })

  it('shows who waits where server and class do', async () => {
    await json(['server', 'OCS_2007', 'frank'])
    const wim = { trigger: 'DIRECT', watcher: user('wim'), presentities: [user('frank')] } as const
    const opened = await openDatabase(databaseOptions(database.url))
    await requestAccess(postgresPrivacyStore(opened), { ...wim, addToContacts: false }).finally(opened.close)
    expect(await why('frank', 'wim')).toMatchObject({
      ...{ disclosed: true, decidedBy: 'PENDING_SHOWN_BY_CLASS', edge: { state: 'PENDING' } },
    })
    await json(['server', 'SITE_DEFAULT', 'frank'])
    expect(await why('frank', 'wim')).toMatchObject({ disclosed: false, decidedBy: 'EDGE' })
  })
})

describe('acts about a user', () => {
  it('accepts all that waits, and stands in the trail as an administrator', async () => {
    await json(['seed'])
    expect(await json(['accept-all', 'henry', '--as', 'root-admin'])).toEqual({ user: 'henry', accepted: 1 })
    expect(await why('henry', 'alice')).toMatchObject({ disclosed: true, composedBy: 'NO_LIVE_SESSION' })
    expect(
      await database.query(
        `select actor_kind, actor_id from presence_privacy.trail where presentity_id = 'henry' order by id desc limit 1`,
      ),
    ).toEqual([{ actor_kind: 'ADMINISTRATOR', actor_id: 'root-admin' }])
    expect(
      await database.query(
        `select 1 from presence_privacy.trail where actor_kind <> 'ADMINISTRATOR' and watcher_id <> 'wim'`,
      ),
    ).toEqual([])
  })

  it('exports lines of JSON, and erases whoever is confirmed', async () => {
    await json(['seed'])
    const { exitCode, stdout } = await admin(['export', 'alice'])
    expect(exitCode).toBe(0)
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; user?: string })
    expect(records).toContainEqual(
      expect.objectContaining({ kind: 'DECISION', user: 'bob', state: 'ALLOWED' }),
    )

    expect(await admin(['erase', 'alice'], { answer: 'alize' })).toMatchObject({ exitCode: 1, stdout: '' })
    expect((await admin(['export', 'alice'])).stdout).toBe(stdout)
    expect(await admin(['erase', 'alice'], { answer: 'alice' })).toMatchObject({
      exitCode: 0,
      stdout: 'Erased.\n',
    })
    expect((await admin(['export', 'alice'])).stdout).not.toContain('bob')
    expect(await admin(['seed'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('was erased'),
    })
  })
})

describe('as a process', () => {
  it('takes its settings from the environment, and its exit codes reach the shell', async () => {
    const folder = await temporaryFolder()
    const env = { DATABASE_URL: database.url, NODE_ENV: 'production' }
    const start = (args: string[], of: Record<string, string> = env) => startProcess(TOOL, folder, of, args)
    const listed = start(['classes', 'list', '--json'])
    const ended = Promise.all([
      start(['assign', 'nowhere', 'a']).ended,
      start(['nonsense']).ended,
      start(['classes', 'list'], { NODE_ENV: 'production' }).ended,
    ])
    expect(await listed.ended, listed.said()).toBe(0)
    expect(JSON.parse(listed.said())).toMatchObject({ classes: expect.any(Array) as unknown })
    expect(await ended).toEqual([1, 64, 78])
  }, 90_000)

  it('says what is wrong with a file of settings that cannot be read, and helps all the same', async () => {
    const folder = await temporaryFolder()
    await mkdir(join(folder, '.env'))
    const listing = startProcess(TOOL, folder, {}, ['classes', 'list'])
    const helping = startProcess(TOOL, folder, {}, ['--help'])
    expect(await listing.ended).toBe(78)
    expect(listing.said()).toMatch(
      /^The configuration is wrong:\n {2}\.env: it cannot be read \(\w+\)\. .*\n$/,
    )
    expect(await helping.ended).toBe(0)
  }, 60_000)

  it('starts the embedded database for a command, and uses the one that runs', async () => {
    const folder = await temporaryFolder()
    const seeded = startProcess(TOOL, folder, {}, ['seed'])
    expect(await seeded.ended, seeded.said()).toBe(0)
    const running = startProcess('test/support/serve-postgres.ts', folder, {}, [
      join(folder, '.data', 'postgres'),
    ])
    await running.says(/"url"/)
    const asked = startProcess(TOOL, folder, {}, ['why', '--presentity', 'bob', '--watcher', 'alice'])
    expect(await asked.ended, asked.said()).toBe(0)
    expect(asked.said()).toContain('alice sees bob')
  }, 90_000)
})

describe('the page about operating', () => {
  const examples = [...page.matchAll(/^npm run(?: -s)? admin -- (.*)$/gm)].map(([, line = '']) => line)

  it('shows commands that run', async () => {
    expect(examples.length).toBeGreaterThan(8)
    const fresh = database
    database = await createTestDatabase()
    try {
      const file = join(await temporaryFolder(), 'users.txt')
      await writeFile(file, 'alice\nbob\n')
      for (const line of examples) {
        const args = [...line.replace(/ [<>] .*$/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(
          ([, quoted, word]) => quoted ?? word ?? '',
        )
        const { exitCode, stderr } = await admin(
          args.map((arg) => (arg === 'users.txt' ? file : arg)),
          {
            input: 'carol\n',
          },
        )
        expect({ line, exitCode, stderr }).toMatchObject({ line, exitCode: 0 })
      }
    } finally {
      database = fresh
    }
  })

  it('shows every command', () => {
    for (const { name } of COMMANDS)
      expect(
        examples.some((line) => line.startsWith(name)),
        name,
      ).toBe(true)
  })
})

function user(id: string): UserId {
  const parsed = parseUserId(id)
  if (parsed === undefined) throw new Error(`no id: ${id}`)
  return parsed
}
