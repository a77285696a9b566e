import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto'
import type { JsonWebKey, KeyObject } from 'node:crypto'

import { SignJWT } from 'jose'
import type { JWTPayload } from 'jose'

import type { SignatureAlgorithm, TokenTrust } from '../../src/identity/token-trust.ts'

export const ISSUER = 'https://issuer.example'
export const AUDIENCE = 'presence'

export type IssuerKey = {
  readonly keyId: string
  readonly algorithm: SignatureAlgorithm
  readonly privateKey: KeyObject
  readonly publicPem: string
  readonly publicJwk: JsonWebKey & { kid: string; alg: string; use: string }
}

/** A key as an identity provider holds it. */
export function issuerKey(algorithm: 'ES256' | 'RS256' | 'EdDSA' = 'ES256'): IssuerKey {
  const privateKey = privateKeyFor(algorithm)
  const publicKey = createPublicKey(privateKey)
  const keyId = randomUUID()
  return {
    keyId,
    algorithm,
    privateKey,
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid: keyId, alg: algorithm, use: 'sig' },
  }
}

function privateKeyFor(algorithm: 'ES256' | 'RS256' | 'EdDSA'): KeyObject {
  switch (algorithm) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    case 'EdDSA':
      return generateKeyPairSync('ed25519').privateKey
  }
}

/** What a deployment believes that takes this key's tokens, unless told otherwise. */
export function trustIn(key: IssuerKey, overrides: Partial<TokenTrust> = {}): TokenTrust {
  return {
    keys: { publicKey: key.publicPem },
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: [key.algorithm],
    userClaim: ['sub'],
    rolesClaim: ['roles'],
    ...overrides,
  }
}

export function epochSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

/** Claims that the trust above believes; `undefined` takes one out. */
export function claimsOf(userId: unknown, overrides: Record<string, unknown> = {}): JWTPayload {
  const claims = { iss: ISSUER, aud: AUDIENCE, sub: userId, exp: epochSeconds() + 600, ...overrides }
  return JSON.parse(JSON.stringify(claims)) as JWTPayload
}

export function sign(
  key: IssuerKey,
  claims: JWTPayload,
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: key.algorithm, kid: key.keyId, ...header })
    .sign(key.privateKey)
}

/** A token put together by hand, for what no honest library signs. */
export function compactToken(
  header: Record<string, unknown>,
  claims: unknown,
  signatureOf: (input: string) => Buffer,
): string {
  const input = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${input}.${signatureOf(input).toString('base64url')}`
}
