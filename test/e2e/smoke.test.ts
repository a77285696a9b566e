import { readdir, readFile, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { gone, lives } from '../support/postgres-on-folder.ts'
import { askGraphQL } from '../support/post-graphql.ts'
import { startProcess, temporaryFolder, type ServiceProcess } from '../support/start-process.ts'
import { AUDIENCE, ISSUER, issuerKey } from '../support/token-issuer.ts'
import { ask, connect } from '../support/web-socket-client.ts'

const URL_SAID = /served at (http:\/\/127\.0\.0\.1:\d+\/graphql)/
const POPUP = 'subscription { incomingPresenceRequests { change requests { id requester { id } } } }'

/** As `npm start` in a fresh clone, on any free port. */
async function startInDevelopment(env: Record<string, string> = {}) {
  const folder = await temporaryFolder()
  const service = startProcess('src/main.ts', folder, { PORT: '0', ...env })
  const [, url = ''] = await service.says(URL_SAID)
  const tokenOf = async (user: string) => {
    const command = startProcess('src/identity/development-token.ts', folder, {}, [user])
    expect(await command.ended).toBe(0)
    return command.said().trim()
  }
  return { folder, service, url, tokenOf }
}

/** A production-like environment that needs nothing generated. */
function configured(databaseUrl: string): Record<string, string> {
  return {
    NODE_ENV: 'production',
    PORT: '0',
    DATABASE_URL: databaseUrl,
    JWT_PUBLIC_KEY: issuerKey().publicPem,
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
  }
}

describe('a newcomer', () => {
  test('gets from the start by what it prints to a token, a request, a popup, an answer and the changed presence', async () => {
    const { service, url, tokenOf } = await startInDevelopment()
    expect(service.said()).toContain('npm run -s token -- alice')
    const [alice, bob] = await Promise.all([tokenOf('alice'), tokenOf('bob')])
    const popup = await connect(url.replace(/^http/, 'ws'), alice)
    expect(await ask(popup, POPUP)).toMatchObject({
      payload: { data: { incomingPresenceRequests: { change: 'SNAPSHOT' } } },
    })
    await askGraphQL(url, {
      query: 'mutation { publishPresence(input: {sessionId: "desk", status: AVAILABLE}) { session { id } } }',
      token: alice,
    })
    const see =
      '{ _entities(representations: [{__typename: "User", id: "alice"}]) { ... on User { presence { status } presenceAccess } } }'
    expect(await askGraphQL(url, { query: see, token: bob })).toEqual({
      _entities: [{ presence: { status: 'OFFLINE' }, presenceAccess: 'NONE' }],
    })
    await askGraphQL(url, {
      query:
        'mutation { requestPresenceAccess(input: {userIds: ["alice"], addToContacts: true}) { results { access } } }',
      token: bob,
    })
    const { payload } = (await popup.next()) as {
      payload: {
        data: { incomingPresenceRequests: { requests: [{ id: string; requester: { id: string } }] } }
      }
    }
    const [{ id, requester }] = payload.data.incomingPresenceRequests.requests
    expect(requester.id).toBe('bob')
    await askGraphQL(url, {
      query:
        'mutation ($id: ID!) { respondToRequests(input: {presentedIds: [$id], tickedIds: [$id]}) { outcomes { outcome } } }',
      variables: { id },
      token: alice,
    })
    expect(await popup.next()).toMatchObject({
      payload: { data: { incomingPresenceRequests: { change: 'RESOLVED' } } },
    })
    expect(await askGraphQL(url, { query: see, token: bob })).toEqual({
      _entities: [{ presence: { status: 'AVAILABLE' }, presenceAccess: 'ALLOWED' }],
    })
    await popup.close()
  })

  test('finds GraphiQL where the URL leads in a browser, complete and from this server alone', async () => {
    const { url } = await startInDevelopment()
    const get = (address: string | URL, accept = '*/*') => fetch(address, { headers: { accept } })
    const page = await get(new URL('/', url), 'text/html,application/xhtml+xml')
    expect({ url: page.url, type: page.headers.get('content-type') }).toEqual({
      url,
      type: expect.stringContaining('text/html') as string,
    })
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    const html = await page.text()
    expect(html).not.toMatch(/https?:/)
    const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = '']) => path)
    expect(files).toHaveLength(4)
    for (const path of [
      ...files,
      '/graphiql/graphql-worker.js',
      '/graphiql/json-worker.js',
      '/graphiql/editor-worker.js',
    ]) {
      const file = await get(new URL(path, url))
      expect(file.status).toBe(200)
      expect(file.headers.get('content-type')).toMatch(path.endsWith('.css') ? 'text/css' : 'text/javascript')
      expect((await file.text()).length).toBeGreaterThan(100)
    }
  })

  test('may keep settings in a file .env', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, '.env'), 'PORT=99999\nMIGRATE=maybe\n')
    const service = startProcess('src/main.ts', folder, {})
    expect(await service.ended).toBe(78)
    expect(service.said()).toMatch(/PORT: .*\n.*MIGRATE: /)
  })

  test('is told when a second copy runs on the same folder', async () => {
    const { folder } = await startInDevelopment()
    const second = startProcess('src/main.ts', folder, { PORT: '0' })
    expect(await second.ended).toBe(69)
    expect(second.said()).toContain('is in use by another PostgreSQL server')
  })
})

describe('the process', () => {
  test('ends with code 0 within seconds of SIGTERM, a stream open and a connection kept alive', async () => {
    const { service, url, tokenOf } = await startInDevelopment()
    const popup = await connect(url.replace(/^http/, 'ws'), await tokenOf('alice'))
    await ask(popup, POPUP)
    await keepConnectionAlive(url)
    const began = performance.now()
    service.kill('SIGTERM')
    expect(await popup.closed).toEqual({ code: 1001, reason: 'Going away' })
    expect(await service.ended).toBe(0)
    expect(performance.now() - began).toBeLessThan(5000)
  })

  test('ends by SIGTERM as soon as it listens to it, ready or not', async () => {
    const folder = await temporaryFolder()
    const service = startProcess('src/main.ts', folder, { PORT: '0', LOG_LEVEL: 'debug' })
    await service.says(/postgres/)
    service.kill('SIGTERM')
    expect(await service.ended).toBe(0)
    expect(service.said()).not.toMatch(URL_SAID)
    await noPostgresOn(folder)
  })

  test('leaves no PostgreSQL behind when it is killed', async () => {
    const { folder, service } = await startInDevelopment()
    const postgres = await postmasterOf(folder)
    expect(lives(postgres)).toBe(true)
    service.kill('SIGKILL')
    expect(await service.ended).toBe('SIGKILL')
    await gone(postgres)
  })

  test('ends with a clear line when its PostgreSQL dies', async () => {
    const { folder, service } = await startInDevelopment()
    process.kill(await postmasterOf(folder), 'SIGKILL')
    expect(await service.ended).toBe(69)
    expect(service.said()).toContain('has ended unexpectedly')
  })

  test('names all faults of its settings at once, without their values', async () => {
    const service = startProcess('src/main.ts', await temporaryFolder(), {
      NODE_ENV: 'production',
      PORT: 'hunter2',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
    })
    expect(await service.ended).toBe(78)
    for (const name of ['PORT', 'DATABASE_URL', 'JWT_JWKS_URI'])
      expect(service.said()).toContain(`  ${name}: `)
    expect(service.said()).not.toContain('hunter2')
  })

  test('says which setting to change when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const { url } = await createTestDatabase()
    const service = startProcess('src/main.ts', await temporaryFolder(), {
      ...configured(url),
      PORT: String(port),
    })
    expect(await service.ended).toBe(78)
    expect(service.said()).toMatch(new RegExp(`Port ${port} of 127.0.0.1 is taken.*Set PORT`))
  })

  test.each([
    ['cannot be reached', 'postgres://presence:hunter2@127.0.0.1:1/presence', 'ECONNREFUSED'],
    ['does not let it in', undefined, '28P01'],
  ])('says so when the database %s, and not its address', async (_, address, code) => {
    const database = new URL((await createTestDatabase()).url)
    database.password = 'hunter2'
    const service = startProcess('src/main.ts', await temporaryFolder(), configured(address ?? database.href))
    expect(await service.ended).toBe(69)
    expect(service.said()).toContain(`cannot be used (${code})`)
    expect(service.said()).not.toMatch(/hunter2|postgres:\/\//)
  })

  test('refuses an old schema under MIGRATE=check, and brings it up to date under MIGRATE=auto', async () => {
    const database = await createTestDatabase()
    await database.query('drop schema presence_privacy cascade')
    const env = configured(database.url)
    const checking = startProcess('src/main.ts', await temporaryFolder(), { ...env, MIGRATE: 'check' })
    expect(await checking.ended).toBe(69)
    expect(checking.said()).toMatch(/The database lacks \w+.*MIGRATE=auto/)
    const migrating = startProcess('src/main.ts', await temporaryFolder(), env)
    await listens(migrating)
    migrating.kill('SIGTERM')
    expect(await migrating.ended).toBe(0)
    const checkingAgain = startProcess('src/main.ts', await temporaryFolder(), { ...env, MIGRATE: 'check' })
    await listens(checkingAgain)
    checkingAgain.kill('SIGINT')
    expect(await checkingAgain.ended).toBe(0)
  })

  test('logs JSON in production, offers no GraphiQL and no introspection', async () => {
    const { url } = await createTestDatabase()
    const service = startProcess('src/main.ts', await temporaryFolder(), configured(url))
    const address = await listens(service)
    expect((await fetch(address, { headers: { accept: 'text/html' } })).status).toBe(405)
    expect((await fetch(new URL('/graphiql/graphiql.js', address))).status).toBe(404)
    service.kill('SIGTERM')
    expect(await service.ended).toBe(0)
    for (const line of service.said().trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ level: 30, msg: expect.any(String) as string })
  })
})

async function listens(service: ServiceProcess): Promise<string> {
  const [, url = ''] = await service.says(/"url":"(http:\/\/[^"]+)","msg":"listening"/)
  return url
}

/** One answered request on a connection that then stays open. */
async function keepConnectionAlive(url: string): Promise<void> {
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())
  await new Promise<void>((resolve, reject) => {
    request(new URL('/health/live', url), { agent }, (response) => response.resume().on('end', resolve))
      .on('error', reject)
      .end()
  })
}

async function postmasterOf(folder: string): Promise<number> {
  const [pid] = (await readFile(await postmasterFile(folder), 'utf8')).split('\n')
  return Number(pid)
}

async function postmasterFile(folder: string): Promise<string> {
  const files = await readdir(join(folder, '.data'), { recursive: true })
  const file = files.find((name) => name.endsWith('postmaster.pid'))
  if (file === undefined) throw new Error('no PostgreSQL runs there')
  return join(folder, '.data', file)
}

async function noPostgresOn(folder: string): Promise<void> {
  await expect(postmasterFile(folder)).rejects.toThrow('no PostgreSQL runs there')
}
