import { execFile } from 'node:child_process'
import { chmod, mkdtemp, open, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startEmbeddedPostgres } from '../../src/embedded-postgres/start-embedded-postgres.ts'
import { eventually } from '../support/eventually.ts'
import { postGraphQL } from '../support/post-graphql.ts'
import { startApp, tokenOf } from '../support/start-app.ts'

const run = promisify(execFile)

/** A new cluster takes some 60 MB, and its log may grow. */
const DISK_MB = 300

/** Why no disk of a small size can be had here, if so. */
const missing =
  process.platform !== 'linux'
    ? 'a small disk is mounted as Linux does it'
    : process.getuid?.() === 0
      ? null
      : 'mounting a small disk takes root'

async function smallDisk(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'presence-privacy-small-disk-'))
  await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'tmpfs', folder])
  await chmod(folder, 0o755)
  onTestFinished(async () => {
    await run('umount', ['--lazy', folder])
    await rmdir(folder)
  })
  return folder
}

/** Writes until nothing more fits, down to the last page. */
async function fill(file: string): Promise<void> {
  const handle = await open(file, 'w')
  try {
    for (const size of [1_048_576, 4096]) {
      const zeros = Buffer.alloc(size)
      try {
        for (;;) {
          const { bytesWritten } = await handle.write(zeros)
          if (bytesWritten < size) break
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      }
    }
  } finally {
    await handle.close()
  }
}

describe.skipIf(missing !== null)(`a disk that is full${missing === null ? '' : ` (${missing})`}`, () => {
  test('makes an instance not ready within four seconds, and ready again when there is room', async () => {
    const disk = await smallDisk()
    const postgres = await startEmbeddedPostgres({ dataFolder: join(disk, 'postgres') })
    onTestFinished(() => postgres.stop())
    const app = await startApp({ url: postgres.url })
    onTestFinished(app.stop)
    const ready = async () => (await fetch(app.at('/health/ready'))).status
    expect(await ready()).toBe(200)

    const filler = join(disk, 'filler')
    await fill(filler)
    const began = performance.now()
    await eventually('it is not ready', async () => (await ready()) === 503, { withinMs: 6000 })
    expect(performance.now() - began).toBeLessThan(5000)
    expect((await fetch(app.at('/health/live'))).status).toBe(200)

    await rm(filler)
    await eventually('it is ready again', async () => (await ready()) === 200, { withinMs: 10_000 })
    const { errors } = await postGraphQL(app.url, {
      query: 'mutation { publishPresence(input: { status: AVAILABLE }) { session { id } } }',
      token: await tokenOf('alice'),
    })
    expect(errors).toEqual([])
  })
})
