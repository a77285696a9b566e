import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto'
import { link, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { SignJWT } from 'jose'

import { makeFolder } from '../make-folder.ts'
import type { UserId } from '../domain/user-id.ts'
import type { Role } from './identity.ts'
import type { TokenTrust } from './token-trust.ts'

const FILE = 'development-key.json'
const ISSUER = 'urn:presence-privacy-subgraph:development'
const AUDIENCE = 'presence-privacy-subgraph'
const ALGORITHM = 'ES256'

/** Signs the tokens of one data folder, in development only. The private half is a PEM (PKCS #8). */
export type DevelopmentKey = { readonly privateKey: string }

/** The file is there and is not a key of ours; its message says which file, and what to do. */
export class DevelopmentKeyError extends Error {
  override readonly name = 'DevelopmentKeyError'
}

/**
 * The key of a data folder, made when it is first asked for (readable by its owner only). Server and token command may both be
 * first: the file appears whole or not at all, and whoever comes second takes what is there.
 */
export async function requireDevelopmentKey(dataDir: string): Promise<DevelopmentKey> {
  const file = join(dataDir, FILE)
  return (await readKey(file)) ?? (await createKey(dataDir, file))
}

/** What a server believes that runs on this key. */
export function developmentTrust({ privateKey }: DevelopmentKey): TokenTrust {
  return {
    keys: { publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString() },
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: [ALGORITHM],
    userClaim: ['sub'],
    rolesClaim: ['roles'],
  }
}

/** A token for that server, good from now on. */
export function signDevelopmentToken(
  { privateKey }: DevelopmentKey,
  { userId, roles, lifetimeSeconds }: { userId: UserId; roles: readonly Role[]; lifetimeSeconds: number },
): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return new SignJWT({ roles: [...roles] })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setSubject(userId)
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetimeSeconds)
    .sign(createPrivateKey(privateKey))
}

async function readKey(file: string): Promise<DevelopmentKey | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
  const privateKey = privateKeyIn(text)
  if (privateKey === undefined) {
    throw new DevelopmentKeyError(
      `${file} is not a development key. Delete it to have a new one made; tokens signed before stop working.`,
    )
  }
  return { privateKey }
}

function privateKeyIn(text: string): string | undefined {
  try {
    const { privateKey } = JSON.parse(text) as { privateKey?: unknown }
    if (typeof privateKey !== 'string') return undefined
    return createPrivateKey(privateKey).asymmetricKeyDetails?.namedCurve === 'prime256v1'
      ? privateKey
      : undefined
  } catch {
    return undefined
  }
}

async function createKey(dataDir: string, file: string): Promise<DevelopmentKey> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = { privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() }
  await makeFolder(dataDir)
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, `${JSON.stringify(key)}\n`, { mode: 0o600, flag: 'wx', flush: true })
  try {
    // A link, for unlike a rename it fails where another process was first.
    await link(draft, file)
    return key
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    return await requireDevelopmentKey(dataDir)
  } finally {
    await unlink(draft)
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
