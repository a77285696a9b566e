import { createPublicKey } from 'node:crypto'
import type { JsonWebKey, KeyObject } from 'node:crypto'

import type { SignatureAlgorithm } from './token-trust.ts'

/** RFC 7518 section 3.3 wants no less; the verifier would refuse every token of a shorter key. */
const MIN_RSA_BITS = 2048

export type PublicKeyReading =
  { readonly pem: string; readonly algorithms: readonly SignatureAlgorithm[] } | { readonly fault: string }

/**
 * Reads a public key as operators write it: PEM (SPKI), also with `\n` for line breaks as in one-line environment files,
 * or a JWK in JSON. Answers its PEM and the algorithms that it can verify, or what is wrong, never quoting the text.
 *
 * A private key is refused although its public part could be derived: whoever pasted it has a leak to learn about.
 */
export function readPublicKey(text: string): PublicKeyReading {
  const source = text.trimStart().startsWith('{') ? jwkIn(text) : pemIn(text)
  if ('fault' in source) return source
  let key: KeyObject
  try {
    key =
      'jwk' in source
        ? createPublicKey({ key: source.jwk, format: 'jwk' })
        : createPublicKey({ key: source.pem })
  } catch {
    return { fault: 'holds no public key that can be read' }
  }
  const algorithms = algorithmsOf(key)
  if (algorithms.length === 0) {
    return {
      fault: `is of no usable kind; make it RSA (at least ${MIN_RSA_BITS} bits), EC (P-256, P-384, P-521) or Ed25519`,
    }
  }
  return { pem: key.export({ type: 'spki', format: 'pem' }).toString(), algorithms }
}

function pemIn(text: string): { pem: string } | { fault: string } {
  const pem = text.replaceAll('\\n', '\n').trim()
  if (pem.includes('PRIVATE KEY-----')) return { fault: 'is a private key; give only its public part' }
  if (!pem.startsWith('-----BEGIN PUBLIC KEY-----')) {
    return { fault: 'is neither a PEM public key (-----BEGIN PUBLIC KEY-----) nor a JWK' }
  }
  return { pem }
}

function jwkIn(text: string): { jwk: JsonWebKey } | { fault: string } {
  let jwk: unknown
  try {
    jwk = JSON.parse(text)
  } catch {
    return { fault: 'begins like a JWK and is not JSON' }
  }
  if (typeof jwk !== 'object' || jwk === null) return { fault: 'is not a JWK' }
  if ('keys' in jwk)
    return { fault: 'is a set of keys; give one key of it, or the address of the set in JWT_JWKS_URI' }
  if ('d' in jwk) return { fault: 'is a private key; give only its public part' }
  if ('k' in jwk) return { fault: 'is a shared secret; only public keys are trusted' }
  return { jwk: jwk as JsonWebKey }
}

function algorithmsOf(key: KeyObject): readonly SignatureAlgorithm[] {
  const details = key.asymmetricKeyDetails
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return (details?.modulusLength ?? 0) >= MIN_RSA_BITS
        ? ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
        : []
    case 'ed25519':
      return ['EdDSA']
    case 'ec':
      switch (details?.namedCurve) {
        case 'prime256v1':
          return ['ES256']
        case 'secp384r1':
          return ['ES384']
        case 'secp521r1':
          return ['ES512']
        default:
          return []
      }
    default:
      return []
  }
}
