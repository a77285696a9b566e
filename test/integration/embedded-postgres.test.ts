import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { EmbeddedPostgresError } from '../../src/embedded-postgres/embedded-postgres-error.ts'
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../src/embedded-postgres/start-embedded-postgres.ts'
import { eventually } from '../support/eventually.ts'
import { gone, lives, processOf, queryOnce, usePostgresPlace } from '../support/postgres-on-folder.ts'

const place = usePostgresPlace()

async function failureOf(start: Promise<unknown>): Promise<EmbeddedPostgresError> {
  return start.then(
    () => expect.fail('it started'),
    (error: unknown) => error as EmbeddedPostgresError,
  )
}

describe('the server', () => {
  let ownFolder: string
  let server: EmbeddedPostgres
  let url: string

  beforeAll(async () => {
    ownFolder = await mkdtemp(join(tmpdir(), 'embedded postgres '))
    server = await startEmbeddedPostgres({ dataFolder: ownFolder, durable: false })
    url = server.url
  })

  afterAll(async () => {
    await server.stop()
    await rm(ownFolder, { recursive: true })
  })

  test('sorts by code point on every machine', async () => {
    const rows = await queryOnce(
      url,
      `select id from (values ('é'), ('b'), ('Z'), ('a')) as ids (id) order by id`,
    )
    expect(rows.map((row) => row['id'])).toEqual(['Z', 'a', 'b', 'é'])
  })

  test('listens on loopback only, and on no unix socket', async () => {
    const [settings] = await queryOnce(
      url,
      `select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets`,
    )
    expect(settings).toEqual({ addresses: '127.0.0.1', sockets: '' })
  })

  test('asks for the password, which only its owner can read', async () => {
    const stranger = new URL(url)
    stranger.password = 'guessed'
    await expect(queryOnce(stranger.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
    const { mode } = await stat(join(ownFolder, 'cluster', 'password'))
    expect((mode & 0o777).toString(8)).toBe('600')
  })

  test.runIf(process.getuid?.() === 0 && process.platform === 'linux')(
    'runs as nobody when root has started it',
    async () => {
      const status = await readFile(`/proc/${await processOf(url)}/status`, 'utf8')
      expect(/^Uid:\s+(.*)$/m.exec(status)?.[1]).toBe('65534\t65534\t65534\t65534')
      expect(/^Gid:\s+(.*)$/m.exec(status)?.[1]).toBe('65534\t65534\t65534\t65534')
      expect(/^Groups:(.*)$/m.exec(status)?.[1]?.trim()).toBe('')
    },
  )
})

describe('starting', () => {
  test('an empty folder gets a database, and the next start finds what was stored', async () => {
    const first = await place.start({ durable: true })
    await queryOnce(first.url, 'create table kept as select 42 as answer')
    await first.stop()

    const second = await place.start({ durable: true })
    expect(await queryOnce(second.url, 'select answer, current_database() as name from kept')).toEqual([
      { answer: 42, name: 'presence_privacy' },
    ])
    expect(second.url.split('@')[0]).toBe(first.url.split('@')[0])
    expect((await queryOnce(second.url, 'show fsync'))[0]).toEqual({ fsync: 'on' })
  })

  test('the folder of an interrupted first start is removed', async () => {
    const leftover = join(place.dataFolder, 'unfinished-1', 'data')
    await mkdir(leftover, { recursive: true })
    await place.start()
    expect(await readdir(place.dataFolder)).toEqual(['cluster'])
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
    const { url } = await place.start({ pickPort: () => Promise.resolve(ports.shift() ?? 0) })
    taken.close()
    expect(new URL(url).port).toBe(String(freePort))
  })

  test('it gives up when every port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const failure = await failureOf(place.start({ pickPort: () => Promise.resolve(port) }))
    taken.close()
    expect(failure).toMatchObject({ code: 'PORTS_TAKEN' })
  })

  test('its log holds no values of failed statements', async () => {
    const log: string[] = []
    const postgres = await place.start({ log: (line) => log.push(line) })
    await queryOnce(postgres.url, 'create table watchers (id text primary key)')
    await queryOnce(postgres.url, `insert into watchers values ('alice')`)
    await expect(queryOnce(postgres.url, `insert into watchers values ('alice')`)).rejects.toMatchObject({
      code: '23505',
    })
    await postgres.stop()
    expect(log.join('\n')).toContain('database system is shut down')
    expect(log.join('\n')).not.toContain('alice')
  })
})

describe('a folder that cannot be served', () => {
  test('a second process on the folder is told so, and the first goes on', async () => {
    const { url } = await place.start()
    const second = await place.startInChild()
    expect(second.said).toMatchObject({ code: 'FOLDER_IN_USE' })
    expect(second.said.message).toContain(place.dataFolder)
    expect(second.said.message).toContain(String(await processOf(url)))
    expect(await queryOnce(url, 'select 1 as works')).toEqual([{ works: 1 }])
  })

  test('of two first starts at once one serves, and the other is told that the folder is in use', async () => {
    const outcomes = await Promise.allSettled([place.start(), place.start()])
    const served = outcomes.find((outcome) => outcome.status === 'fulfilled')?.value
    expect(outcomes.map((outcome) => outcome.status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).toMatchObject({
      code: 'FOLDER_IN_USE',
    })
    expect(await queryOnce(served?.url, 'select 1 as works')).toEqual([{ works: 1 }])
  })

  test('data of another major version are refused, and left as they are', async () => {
    await (await place.start()).stop()
    const versionFile = join(place.dataFolder, 'cluster', 'data', 'PG_VERSION')
    await writeFile(versionFile, '17\n')
    const failure = await failureOf(place.start())
    expect(failure).toMatchObject({ code: 'OTHER_MAJOR_VERSION' })
    expect(failure.message).toContain('written by PostgreSQL 17; this release brings 18')
    expect(await readFile(versionFile, 'utf8')).toBe('17\n')
  })

  test('a folder that is a file is named', async () => {
    await mkdir(join(place.folder, '.data'))
    await writeFile(place.dataFolder, '')
    const failure = await failureOf(place.start())
    expect(failure).toMatchObject({ code: 'FOLDER_UNUSABLE' })
    expect(failure.message).toContain(place.dataFolder)
  })

  test.runIf(process.platform === 'linux')(
    'a folder where nothing can be made is named at once',
    async () => {
      for (const dataFolder of ['/proc/nowhere/postgres', '/dev/null/postgres', '/proc/self/fd/postgres']) {
        const failure = await failureOf(place.start({ dataFolder }))
        expect(failure).toMatchObject({ code: 'FOLDER_UNUSABLE' })
        expect(failure.message).toContain(dataFolder)
      }
    },
  )

  test.each([
    ['empty', ''],
    ['garbled', 'nonsense\n\0'],
  ])('a lock file that is %s is named', async (_, content) => {
    await (await place.start()).stop()
    const lockFile = join(place.dataFolder, 'cluster', 'data', 'postmaster.pid')
    await writeFile(lockFile, content)
    const failure = await failureOf(place.start())
    expect(failure).toMatchObject({ code: 'FOLDER_IN_USE' })
    expect(failure.message).toContain(`The lock file ${lockFile} names no process`)
    await rm(lockFile)
    await place.start()
  })

  test.runIf(process.platform === 'linux')(
    'a lock file with the number of a server of another folder is no obstacle',
    async () => {
      await (await place.start()).stop()
      const folder = join(place.dataFolder, 'cluster', 'data')
      const other = await processOf(inject('cluster').adminUrl)
      await writeFile(join(folder, 'postmaster.pid'), `${other}\n${folder}\n1\n5432\n\n127.0.0.1\n\nready\n`)
      await place.start()
    },
  )

  test('damaged data fail with what the server says about them', async () => {
    await (await place.start()).stop()
    await rm(join(place.dataFolder, 'cluster', 'data', 'global', 'pg_control'))
    const failure = await failureOf(place.start())
    expect(failure).toMatchObject({ code: 'START_FAILED' })
    expect(failure.message).toContain('pg_control')
  })
})

describe('ending', () => {
  test('stopping ends the server in good order, and can be repeated', async () => {
    const log: string[] = []
    const failures: Error[] = []
    const postgres = await place.start({
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
    const postgres = await place.start()
    const client = new pg.Client({ connectionString: postgres.url })
    const cut = new Promise((resolve) => client.on('error', resolve))
    await client.connect()
    await client.query('begin')
    await postgres.stop()
    await expect(cut).resolves.toMatchObject({ code: '57P01' })
  })

  test('kill -9 of our process leaves no server behind, and the next start has what was committed', async () => {
    const child = await place.startInChild()
    const pid = await processOf(child.said.url)
    await queryOnce(child.said.url, 'create table kept as select 42 as answer')
    await child.kill()
    await gone(pid)

    const { url } = await place.start()
    expect(await queryOnce(url, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test('the end of the server is reported once, and the next start recovers', async () => {
    const failures: Error[] = []
    const { url } = await place.start({ durable: true, onExit: (failure) => failures.push(failure) })
    await queryOnce(url, 'create table kept as select 42 as answer')
    process.kill(await processOf(url), 'SIGKILL')
    await eventually('the crash is reported', () => failures.length > 0)
    expect(failures).toMatchObject([{ code: 'CRASHED' }])
    expect(failures[0]?.message).toContain('SIGKILL')

    const again = await startOnceFree()
    expect(await queryOnce(again.url, 'select answer from kept')).toEqual([{ answer: 42 }])
  })

  test.runIf(process.platform === 'linux')(
    'a lock whose number now belongs to another program does not keep us out',
    async () => {
      const { url } = await place.start()
      const pid = await processOf(url)
      const lockFile = join(place.dataFolder, 'cluster', 'data', 'postmaster.pid')
      process.kill(pid, 'SIGKILL')
      await gone(pid)
      // A process of the same account that is no PostgreSQL, as after a restart of a container.
      const lock = await readFile(lockFile, 'utf8')
      const { uid, gid } = await stat(lockFile)
      const other = spawn('/bin/sh', ['-c', 'read -r line'], {
        uid,
        gid,
        stdio: ['pipe', 'ignore', 'ignore'],
      })
      await once(other, 'spawn')
      await writeFile(lockFile, lock.replace(/^\d+/, String(other.pid)))
      const again = await startOnceFree()
      other.stdin.end()
      expect(await queryOnce(again.url, 'select 1 as works')).toEqual([{ works: 1 }])
    },
  )
})

/** The orphans of a killed postmaster hold the folder for some milliseconds more. */
async function startOnceFree(): Promise<EmbeddedPostgres> {
  let started: EmbeddedPostgres | undefined
  await eventually('the folder is free', async () => {
    started = await place.start().catch((error: unknown) => {
      if ((error as EmbeddedPostgresError).code !== 'FOLDER_IN_USE') throw error
      return undefined
    })
    return started !== undefined
  })
  return started ?? expect.fail('not started')
}
