import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { EmbeddedPostgresError } from '../../src/embedded-postgres/embedded-postgres-error.ts'
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from '../../src/embedded-postgres/start-embedded-postgres.ts'
import { eventually } from '../support/eventually.ts'
import { servePostgresInChild, type PostgresChild } from '../support/postgres-child.ts'

const isRoot = process.getuid?.() === 0
const onLinux = process.platform === 'linux'

let folder: string
let dataFolder: string
/** Any account but root and nobody that is in every /etc/passwd, where initdb looks it up: "daemon". */
const developer = 1

type ChildOptions = Omit<Parameters<typeof servePostgresInChild>[0], 'dataFolder'>

const running: EmbeddedPostgres[] = []
const children: PostgresChild[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded postgres ünïcode '))
  dataFolder = join(folder, '.data', 'postgres')
})

afterEach(async () => {
  for (const child of children.splice(0)) await child.kill()
  for (const postgres of running.splice(0)) await postgres.stop()
  // A server that has lost its process may still be writing its last.
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataFolder, durable: false, ...options })
  running.push(postgres)
  return postgres
}

async function startInChild(options: ChildOptions = {}): Promise<PostgresChild> {
  const child = await servePostgresInChild({ dataFolder, ...options })
  children.push(child)
  return child
}

async function failureOf(start: Promise<unknown>): Promise<EmbeddedPostgresError> {
  return start.then(
    () => expect.fail('it started'),
    (error: unknown) => error as EmbeddedPostgresError,
  )
}

async function query(url: string | undefined, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url ?? '' })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

/** The process id of the server itself, from its own lock file. */
async function processOf(url: string | undefined): Promise<number> {
  const rows = await query(url, `select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int as pid`)
  return rows[0]?.['pid'] as number
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const gone = (pid: number) => eventually(`process ${pid} has gone`, () => !lives(pid))

describe('the server', () => {
  let ownFolder: string
  let url: string
  let stop: () => Promise<void>

  beforeAll(async () => {
    ownFolder = await mkdtemp(join(tmpdir(), 'embedded postgres '))
    ;({ url, stop } = await startEmbeddedPostgres({ dataFolder: ownFolder, durable: false }))
  })

  afterAll(async () => {
    await stop()
    await rm(ownFolder, { recursive: true })
  })

  test('sorts by code point on every machine', async () => {
    const rows = await query(
      url,
      `select id from (values ('é'), ('b'), ('Z'), ('a')) as ids (id) order by id`,
    )
    expect(rows.map((row) => row['id'])).toEqual(['Z', 'a', 'b', 'é'])
  })

  test('listens on loopback only, and on no unix socket', async () => {
    const [settings] = await query(
      url,
      `select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets`,
    )
    expect(settings).toEqual({ addresses: '127.0.0.1', sockets: '' })
  })

  test('asks for the password, which only its owner can read', async () => {
    const stranger = new URL(url)
    stranger.password = 'guessed'
    await expect(query(stranger.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
    const { mode } = await stat(join(ownFolder, 'cluster', 'password'))
    expect((mode & 0o777).toString(8)).toBe('600')
  })

  test.runIf(isRoot && onLinux)('runs as nobody when root has started it', async () => {
    const status = await readFile(`/proc/${await processOf(url)}/status`, 'utf8')
    expect(/^Uid:\s+(.*)$/m.exec(status)?.[1]).toBe('65534\t65534\t65534\t65534')
    expect(/^Gid:\s+(.*)$/m.exec(status)?.[1]).toBe('65534\t65534\t65534\t65534')
    expect(/^Groups:(.*)$/m.exec(status)?.[1]?.trim()).toBe('')
  })
})

describe('starting', () => {
  test('an empty folder gets a database, and the next start finds what was stored', async () => {
    const first = await start({ durable: true })
    await query(first.url, 'create table kept as select 42 as answer')
    await first.stop()

    const second = await start({ durable: true })
    expect(await query(second.url, 'select answer, current_database() as name from kept')).toEqual([
      { answer: 42, name: 'presence_privacy' },
    ])
    expect(second.url.split('@')[0]).toBe(first.url.split('@')[0])
    expect((await query(second.url, 'show fsync'))[0]).toEqual({ fsync: 'on' })
  })

  test('what an interrupted first start has left is removed', async () => {
    const leftover = join(dataFolder, 'unfinished-1', 'data')
    await mkdir(leftover, { recursive: true })
    await start()
    expect(await readdir(dataFolder)).toEqual(['cluster'])
  })

  test('a port that is taken at the last moment is replaced by another', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const free = createServer().listen(0, '127.0.0.1')
    await once(free, 'listening')
    const freePort = (free.address() as AddressInfo).port
    free.close()
    await once(free, 'close')
    const ports = [(taken.address() as AddressInfo).port, freePort]
    const { url } = await start({ pickPort: () => Promise.resolve(ports.shift() ?? 0) })
    taken.close()
    expect(new URL(url).port).toBe(String(freePort))
  })

  test('it gives up when every port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const failure = await failureOf(start({ pickPort: () => Promise.resolve(port) }))
    taken.close()
    expect(failure).toMatchObject({ code: 'PORTS_TAKEN' })
  })

  test('its log holds no values of failed statements', async () => {
    const log: string[] = []
    const postgres = await start({ log: (line) => log.push(line) })
    await query(postgres.url, 'create table watchers (id text primary key)')
    await query(postgres.url, `insert into watchers values ('alice')`)
    await expect(query(postgres.url, `insert into watchers values ('alice')`)).rejects.toMatchObject({
      code: '23505',
    })
    await postgres.stop()
    expect(log.join('\n')).toContain('database system is shut down')
    expect(log.join('\n')).not.toContain('alice')
  })
})

describe('a folder that cannot be served', () => {
  test('a second process on the folder is told so, and the first goes on', async () => {
    const { url } = await start()
    const second = await startInChild()
    expect(second.said).toMatchObject({ code: 'FOLDER_IN_USE' })
    expect(second.said.message).toContain(dataFolder)
    expect(second.said.message).toContain(String(await processOf(url)))
    expect(await query(url, 'select 1 as works')).toEqual([{ works: 1 }])
  })

  test('of two first starts at once one serves, and the other is told that the folder is in use', async () => {
    const outcomes = await Promise.allSettled([start(), start()])
    expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).toMatchObject({
      code: 'FOLDER_IN_USE',
    })
    expect(await query(running[0]?.url, 'select 1 as works')).toEqual([{ works: 1 }])
  })

  test('data of another major version are refused, and left as they are', async () => {
    await (await start()).stop()
    const versionFile = join(dataFolder, 'cluster', 'data', 'PG_VERSION')
    await writeFile(versionFile, '17\n')
    const failure = await failureOf(start())
    expect(failure).toMatchObject({ code: 'OTHER_MAJOR_VERSION' })
    expect(failure.message).toContain('written by PostgreSQL 17; this release brings 18')
    expect(await readFile(versionFile, 'utf8')).toBe('17\n')
  })

  test('a folder that is a file is named', async () => {
    await mkdir(join(folder, '.data'))
    await writeFile(dataFolder, '')
    const failure = await failureOf(start())
    expect(failure).toMatchObject({ code: 'FOLDER_UNUSABLE' })
    expect(failure.message).toContain(dataFolder)
  })

  test('damaged data fail with what the server says about them', async () => {
    await (await start()).stop()
    await rm(join(dataFolder, 'cluster', 'data', 'global', 'pg_control'))
    const failure = await failureOf(start())
    expect(failure).toMatchObject({ code: 'START_FAILED' })
    expect(failure.message).toContain('pg_control')
  })
})

describe('ending', () => {
  test('stopping ends the server in good order, and can be repeated', async () => {
    const log: string[] = []
    const failures: Error[] = []
    const postgres = await start({
      log: (line) => log.push(line),
      onExit: (failure) => failures.push(failure),
    })
    const pid = await processOf(postgres.url)
    await Promise.all([postgres.stop(), postgres.stop()])
    expect(lives(pid)).toBe(false)
    expect(log.join('\n')).not.toContain('immediate shutdown')
    expect(log.at(-1)).toContain('database system is shut down')
    expect(failures).toEqual([])
  })

  test('stopping does not wait for open connections', async () => {
    const postgres = await start()
    const client = new pg.Client({ connectionString: postgres.url })
    const cut = new Promise((resolve) => client.on('error', resolve))
    await client.connect()
    await client.query('begin')
    await postgres.stop()
    await expect(cut).resolves.toMatchObject({ code: '57P01' })
  })

  test('kill -9 of our process leaves no server behind, and the next start has what was committed', async () => {
    const child = await startInChild()
    const pid = await processOf(child.said.url)
    await query(child.said.url, 'create table kept as select 42 as answer')
    await child.kill()
    await gone(pid)

    const { url } = await start()
    expect(await query(url, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('the end of the server is reported once, and the next start recovers', async () => {
    const failures: Error[] = []
    const { url } = await start({ durable: true, onExit: (failure) => failures.push(failure) })
    await query(url, 'create table kept as select 42 as answer')
    process.kill(await processOf(url), 'SIGKILL')
    await eventually('the crash is reported', () => failures.length > 0)
    expect(failures).toMatchObject([{ code: 'CRASHED' }])
    expect(failures[0]?.message).toContain('SIGKILL')

    const again = await startOnceFree()
    expect(await query(again.url, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test.runIf(onLinux)('a lock whose number now belongs to another program does not keep us out', async () => {
    const { url } = await start()
    const pid = await processOf(url)
    const lockFile = join(dataFolder, 'cluster', 'data', 'postmaster.pid')
    process.kill(pid, 'SIGKILL')
    await gone(pid)
    // A process of the same account that is no PostgreSQL, as after a restart of a container.
    const lock = await readFile(lockFile, 'utf8')
    const { uid, gid } = await stat(lockFile)
    const other = spawn('/bin/sh', ['-c', 'read -r line'], { uid, gid, stdio: ['pipe', 'ignore', 'ignore'] })
    await once(other, 'spawn')
    await writeFile(lockFile, lock.replace(/^\d+/, String(other.pid)))
    const again = await startOnceFree()
    other.stdin.end()
    expect(await query(again.url, 'select 1 as works')).toEqual([{ works: 1 }])
  })
})

/** The orphans of a killed postmaster hold the folder for some milliseconds more. */
async function startOnceFree(): Promise<EmbeddedPostgres> {
  let started: EmbeddedPostgres | undefined
  await eventually('the folder is free', async () => {
    started = await start().catch((error: unknown) => {
      if ((error as EmbeddedPostgresError).code !== 'FOLDER_IN_USE') throw error
      return undefined
    })
    return started !== undefined
  })
  return started ?? expect.fail('not started')
}

describe.runIf(isRoot && onLinux)('started by root', () => {
  test('a data folder below a closed folder works, and its parents stay closed and ours', async () => {
    await chmod(folder, 0o700)
    const first = await start()
    await query(first.url, 'create table kept as select 42 as answer')
    await first.stop()
    const again = await start()
    expect(await query(again.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    const parent = await stat(folder)
    expect([parent.uid, (parent.mode & 0o777).toString(8)]).toEqual([0, '700'])
    expect((await stat(dataFolder)).uid).toBe(0)
  })

  test('what a developer has created stays the developer’s', async () => {
    await chmod(folder, 0o755)
    await chown(folder, developer, developer)
    const child = await startInChild({ uid: developer })
    const pid = await processOf(child.said.url)
    await child.kill()
    await gone(pid)

    const { url } = await start()
    const status = await readFile(`/proc/${await processOf(url)}/status`, 'utf8')
    expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).toBe(String(developer))
  })

  test('data that were copied by root are taken over', async () => {
    await (await start()).stop()
    const cluster = join(dataFolder, 'cluster')
    for (const entry of await readdir(cluster, { recursive: true })) await chown(join(cluster, entry), 0, 0)
    await chown(cluster, 0, 0)
    const { url } = await start()
    expect(await query(url, 'select 1 as works')).toEqual([{ works: 1 }])
  })

  test('a checkout below a closed folder works, installed without install scripts', async () => {
    const checkout = await copyCheckout()
    await chmod(checkout, 0o700)
    const child = await startInChild({ checkout, temporaryFolder: await openFolder('temporary') })
    expect(await query(child.said.url, 'select 1 as works')).toEqual([{ works: 1 }])
  })

  test('a checkout that its user cannot write works, installed without install scripts', async () => {
    const checkout = await copyCheckout()
    const temporaryFolder = await openFolder('temporary')
    await chown(folder, developer, developer)
    await chown(temporaryFolder, developer, developer)
    const child = await startInChild({ checkout, temporaryFolder, uid: developer })
    expect(await query(child.said.url, 'select 1 as works')).toEqual([{ works: 1 }])
  })

  test('binaries that another user has put where ours belong are not run', async () => {
    const checkout = await copyCheckout()
    await chmod(checkout, 0o700)
    const temporaryFolder = await openFolder('temporary')
    const { version } = JSON.parse(
      await readFile(join(checkout, 'node_modules', binariesPackage, 'package.json'), 'utf8'),
    ) as { version: string }
    const planted = join(temporaryFolder, `presence-privacy-postgres-${version}-0`)
    await mkdir(planted)
    await chown(planted, developer, developer)
    const child = await startInChild({ checkout, temporaryFolder })
    expect(child.said).toMatchObject({ code: 'BINARIES_UNUSABLE' })
    expect(child.said.message).toContain(planted)
    expect(await readdir(planted)).toEqual([])
  })
})

const binariesPackage = `@embedded-postgres/linux-${process.arch}`

/** A folder that everybody can reach. */
async function openFolder(name: string): Promise<string> {
  await chmod(folder, 0o755)
  const path = join(folder, name)
  await mkdir(path)
  await chmod(path, 0o755)
  return path
}

/** As much of a checkout as starts a server, with the library links that an install script would have made removed. */
async function copyCheckout(): Promise<string> {
  const repository = join(import.meta.dirname, '..', '..')
  const checkout = await openFolder('checkout')
  for (const path of ['package.json', 'src/embedded-postgres', 'test/support/serve-postgres.ts']) {
    await cp(join(repository, path), join(checkout, path), { recursive: true })
  }
  const installed = join(checkout, 'node_modules', binariesPackage)
  await cp(join(repository, 'node_modules', binariesPackage), installed, { recursive: true })
  const list = await readFile(join(installed, 'native', 'pg-symlinks.json'), 'utf8')
  for (const { target } of JSON.parse(list) as { target: string }[]) await rm(join(installed, target))
  await symlink(join(repository, 'node_modules', 'pg'), join(checkout, 'node_modules', 'pg'))
  return checkout
}
