import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { parseUserId } from '../../src/domain/user-id.ts'
import {
  DevelopmentKeyError,
  developmentTrust,
  requireDevelopmentKey,
  signDevelopmentToken,
} from '../../src/identity/development-key.ts'
import { createTokenVerifier } from '../../src/identity/token-verifier.ts'
import { AUDIENCE, ISSUER, issuerKey } from '../support/token-issuer.ts'

const HOUR_MS = 3_600_000

let folder: string
let dataDir: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'presence-privacy-token-'))
  dataDir = join(folder, 'data')
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

type Outcome = { exitCode: number; stdout: string; stderr: string }

/** The command as `npm run token` runs it, without anything of this process's own environment. */
function token(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', 'src/identity/development-token.ts', ...args],
      { env: { PATH: process.env['PATH'], DATA_DIR: dataDir, ...env } },
      (_, stdout, stderr) => {
        resolve({ exitCode: child.exitCode ?? -1, stdout, stderr })
      },
    )
  })
}

async function verify(printed: string) {
  return createTokenVerifier(developmentTrust(await requireDevelopmentKey(dataDir))).verify(printed)
}

describe('the token command', () => {
  test('prints a token of the user for twelve hours, and nothing else', async () => {
    const started = Date.now()
    const { exitCode, stdout, stderr } = await token(['alice'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    const identity = await verify(stdout.trimEnd())
    expect(identity).toMatchObject({ userId: 'alice', roles: new Set() })
    const hours = ('expiresAt' in identity ? identity.expiresAt - started : 0) / HOUR_MS
    expect(hours).toBeCloseTo(12, 1)
  })

  test('gives the roles and the lifetime that were asked for', async () => {
    const started = Date.now()
    const args = ['--role', 'administrator', '--role=service', '--expires-in', '90s', '--', '-工号 17']
    const { stdout } = await token(args)
    const identity = await verify(stdout.trimEnd())
    expect(identity).toMatchObject({ userId: '-工号 17', roles: new Set(['administrator', 'service']) })
    const seconds = ('expiresAt' in identity ? identity.expiresAt - started : 0) / 1000
    expect(seconds).toBeGreaterThan(85)
    expect(seconds).toBeLessThan(120)
  })

  test.each([
    ['no user', [], /user id is missing/],
    ['an empty user', [''], /1 to 255 bytes/],
    ['two users', ['alice', 'bob'], /for one user/],
    ['a control character', ['ali\u0007ce'], /no control characters/],
    ['an unknown role', ['alice', '--role', 'root'], /administrator, service/],
    ['an unknown option', ['alice', '--admin'], /--admin/],
    ['an endless lifetime', ['alice', '--expires-in', '31d'], /1s to 30d/],
    ['no lifetime', ['alice', '--expires-in', '0h'], /1s to 30d/],
    ['a lifetime without unit', ['alice', '--expires-in', '60'], /1s to 30d/],
  ])('explains itself when it is given %s', async (_, args, why) => {
    const { exitCode, stdout, stderr } = await token(args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' })
    expect(stderr).toMatch(why)
    expect(stderr).toContain('Usage: npm run -s token -- <user id>')
  })

  test.each([
    ['production', { NODE_ENV: 'production' }, /NODE_ENV=production/],
    ['a real database', { DATABASE_URL: 'postgres://db.example/presence' }, /DATABASE_URL/],
    ['an address that others reach', { HOST: '0.0.0.0' }, /HOST/],
    [
      'a configured key',
      { JWT_PUBLIC_KEY: issuerKey().publicPem, JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE },
      /tokens come from there/,
    ],
  ])('makes none with %s, and no key either', async (_, env, why) => {
    const { exitCode, stdout, stderr } = await token(['alice'], env)
    expect({ exitCode, stdout }).toEqual({ exitCode: 78, stdout: '' })
    expect(stderr).toMatch(why)
    expect(await readdir(folder)).toEqual([])
  })
})

describe('the development key', () => {
  test('is readable by its owner only, and leaves no drafts behind', async () => {
    await requireDevelopmentKey(dataDir)
    expect(await readdir(dataDir)).toEqual(['development-key.json'])
    expect((await stat(join(dataDir, 'development-key.json'))).mode & 0o777).toBe(0o600)
  })

  test('is one, however many ask for it first', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => requireDevelopmentKey(dataDir)))
    expect(new Set(keys.map(({ privateKey }) => privateKey)).size).toBe(1)
    expect(await requireDevelopmentKey(dataDir)).toEqual(keys[0])
    expect(await readdir(dataDir)).toEqual(['development-key.json'])
  })

  test('of one folder says nothing in another', async () => {
    const [here, there] = [
      await requireDevelopmentKey(dataDir),
      await requireDevelopmentKey(join(folder, 'other')),
    ]
    const userId = parseUserId('alice')
    if (userId === undefined) throw new Error('alice is a user id')
    const signed = await signDevelopmentToken(there, { userId, roles: [], lifetimeSeconds: 60 })
    expect(await createTokenVerifier(developmentTrust(there)).verify(signed)).toMatchObject({ userId })
    expect(await createTokenVerifier(developmentTrust(here)).verify(signed)).toEqual({ reason: 'rejected' })
  })

  test.each(['', '{}', 'null', '{"privateKey":"hunter2"}'])(
    'that was spoilt is never replaced unasked: %j',
    async (content) => {
      await requireDevelopmentKey(dataDir)
      const file = join(dataDir, 'development-key.json')
      await writeFile(file, content)
      const failure: unknown = await requireDevelopmentKey(dataDir).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(DevelopmentKeyError)
      expect(String(failure)).toContain('Delete it to have a new one made')
      expect(String(failure)).not.toContain('hunter2')
      expect(await readFile(file, 'utf8')).toBe(content)
      expect(await token(['alice'])).toMatchObject({ exitCode: 78, stdout: '' })
    },
  )
})
