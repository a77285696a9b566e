import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { createTokenVerifier } from '../../src/identity/token-verifier.ts'
import type { TokenVerifier } from '../../src/identity/token-verifier.ts'
import { claimsOf, compactToken, epochSeconds, issuerKey, sign, trustIn } from '../support/token-issuer.ts'
import type { IssuerKey } from '../support/token-issuer.ts'

const MINUTE_MS = 60_000

/** An identity provider's key set on a real socket. */
let issuer: Server
let port: number
let fetches: number
let answer: RequestListener

beforeEach(async () => {
  fetches = 0
  issuer = createServer((request, response) => {
    fetches += 1
    answer(request, response)
  })
  port = await listen(0)
})

afterEach(async () => {
  vi.useRealTimers()
  await stopIssuer()
})

async function listen(wanted: number): Promise<number> {
  await new Promise<void>((resolve) => issuer.listen(wanted, '127.0.0.1', resolve))
  return (issuer.address() as AddressInfo).port
}

async function stopIssuer(): Promise<void> {
  if (!issuer.listening) return
  const closed = new Promise((resolve) => issuer.close(resolve))
  issuer.closeAllConnections()
  await closed
}

function publish(...keys: object[]): void {
  answer = (_, response) => {
    response.setHeader('content-type', 'application/jwk-set+json')
    response.end(JSON.stringify({ keys }))
  }
}

function verifierFor(key: IssuerKey, keysCooldownMs?: number): TokenVerifier {
  const trust = trustIn(key, { keys: { jwksUri: `http://127.0.0.1:${port}/jwks.json` } })
  return createTokenVerifier(trust, keysCooldownMs === undefined ? {} : { keysCooldownMs })
}

function later(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms })
}

function tokenOf(key: IssuerKey, userId = 'alice'): Promise<string> {
  return sign(key, claimsOf(userId, { exp: epochSeconds() + 86_400 }))
}

const alice = expect.objectContaining({ userId: 'alice' }) as unknown

describe('keys that the issuer publishes', () => {
  test('verify its tokens, and are fetched once for many at the same time', async () => {
    const key = issuerKey()
    publish(issuerKey('RS256').publicJwk, key.publicJwk)
    const verifier = verifierFor(key)
    const tokens = await Promise.all(['a', 'b', 'c', 'd'].map((id) => tokenOf(key, id)))
    const outcomes = await Promise.all(tokens.map(async (token) => verifier.verify(token)))
    expect(outcomes).toMatchObject([{ userId: 'a' }, { userId: 'b' }, { userId: 'c' }, { userId: 'd' }])
    expect(fetches).toBe(1)
  })

  test('do not verify tokens of a key beside them', async () => {
    const key = issuerKey()
    publish(key.publicJwk)
    const stranger = { ...issuerKey(), keyId: key.keyId }
    expect(await verifierFor(key).verify(await tokenOf(stranger))).toEqual({ reason: 'rejected' })
  })

  test('are never taken for an algorithm that this deployment does not trust', async () => {
    const key = issuerKey('RS256')
    const { alg: _, ...anyAlgorithm } = key.publicJwk
    publish(anyAlgorithm, { kty: 'oct', k: 'c2VjcmV0', kid: 'shared' })
    const verifier = verifierFor(key)
    expect(await verifier.verify(await tokenOf({ ...key, algorithm: 'PS256' }))).toEqual({
      reason: 'rejected',
    })
    const shared = compactToken({ alg: 'HS256', kid: 'shared' }, claimsOf('alice'), () => Buffer.alloc(32))
    expect(await verifier.verify(shared)).toEqual({ reason: 'rejected' })
    expect(fetches).toBe(0)
  })
})

describe('when the issuer rotates its keys', () => {
  test('tokens of a key that is new are believed as soon as it is published', async () => {
    const [before, after] = [issuerKey(), issuerKey()]
    publish(before.publicJwk)
    const verifier = verifierFor(before, 0)
    expect(await verifier.verify(await tokenOf(before))).toEqual(alice)
    publish(before.publicJwk, after.publicJwk)
    expect(await verifier.verify(await tokenOf(after))).toEqual(alice)
    expect(fetches).toBe(2)
  })

  test('tokens of unknown keys cause no more than one fetch in ten seconds', async () => {
    const [before, after] = [issuerKey(), issuerKey()]
    publish(before.publicJwk)
    const verifier = verifierFor(before)
    await verifier.verify(await tokenOf(before))
    publish(after.publicJwk)
    for (let attempt = 0; attempt < 20; attempt += 1) {
      expect(await verifier.verify(await tokenOf(issuerKey()))).toEqual({ reason: 'rejected' })
    }
    expect(fetches).toBe(1)
    later(10_001)
    expect(await verifier.verify(await tokenOf(after))).toEqual(alice)
    expect(fetches).toBe(2)
  })

  test('a key that was taken back is refused after five minutes at the latest', async () => {
    const [before, after] = [issuerKey(), issuerKey()]
    publish(before.publicJwk)
    const verifier = verifierFor(before)
    const token = await tokenOf(before)
    expect(await verifier.verify(token)).toEqual(alice)
    publish(after.publicJwk)
    later(5 * MINUTE_MS)
    expect(await verifier.verify(token)).toEqual({ reason: 'rejected' })
  })

  test('a remembered token is verified again after a minute', async () => {
    const [before, after] = [issuerKey(), issuerKey()]
    publish(before.publicJwk)
    const verifier = verifierFor(before)
    const token = await tokenOf(before)
    await verifier.verify(token)
    publish(after.publicJwk)
    later(MINUTE_MS - 1000)
    // The new key's token makes the keys load anew; the old one's is still remembered.
    expect(await verifier.verify(await tokenOf(after))).toEqual(alice)
    expect(await verifier.verify(token)).toEqual(alice)
    later(1000)
    expect(await verifier.verify(token)).toEqual({ reason: 'rejected' })
  })
})

describe('when the issuer is away', () => {
  test('from the beginning, nothing can be said about a token, until it is back', async () => {
    const key = issuerKey()
    publish(key.publicJwk)
    await stopIssuer()
    const verifier = verifierFor(key)
    const token = await tokenOf(key)
    expect(await verifier.verify(token)).toEqual({ reason: 'keys-unavailable' })
    await listen(port)
    expect(await verifier.verify(token)).toEqual(alice)
  })

  test('the keys that are known serve for an hour', async () => {
    const key = issuerKey()
    publish(key.publicJwk)
    const verifier = verifierFor(key)
    const token = await tokenOf(key)
    await verifier.verify(token)
    await stopIssuer()
    later(59 * MINUTE_MS)
    expect(await verifier.verify(token)).toEqual(alice)
    later(2 * MINUTE_MS)
    expect(await verifier.verify(token)).toEqual({ reason: 'keys-unavailable' })
  })

  test('it is asked again after half a minute, and not for every token in between', async () => {
    const key = issuerKey()
    publish(key.publicJwk)
    const verifier = verifierFor(key)
    await verifier.verify(await tokenOf(key))
    answer = (_, response) => response.writeHead(500).end()
    later(6 * MINUTE_MS)
    for (const user of ['a', 'b', 'c'])
      expect(await verifier.verify(await tokenOf(key, user))).toMatchObject({ userId: user })
    expect(fetches).toBe(2)
    later(MINUTE_MS / 2)
    expect(await verifier.verify(await tokenOf(key))).toEqual(alice)
    expect(fetches).toBe(3)
  })

  test('a token of a key that is not known may be good: it is not rejected', async () => {
    const key = issuerKey()
    publish(key.publicJwk)
    const verifier = verifierFor(key, 0)
    await verifier.verify(await tokenOf(key))
    await stopIssuer()
    expect(await verifier.verify(await tokenOf(issuerKey()))).toEqual({ reason: 'keys-unavailable' })
  })

  test('a text that is no token is malformed all the same, without asking for keys', async () => {
    const verifier = verifierFor(issuerKey())
    expect(await verifier.verify('not a token')).toEqual({ reason: 'malformed' })
    expect(fetches).toBe(0)
  })
})

test.each<[string, RequestListener]>([
  ['fails', (_, response) => response.writeHead(500).end('{"keys":[]}')],
  ['sends elsewhere', (_, response) => response.writeHead(302, { location: '/other.json' }).end()],
  ['sends no JSON', (_, response) => response.end('<html>')],
  ['sends no key set', (_, response) => response.end('{"keys":{}}')],
  ['breaks off', (_, response) => response.destroy()],
])('an issuer that %s makes keys unavailable', async (_, broken) => {
  answer = broken
  const key = issuerKey()
  expect(await verifierFor(key).verify(await tokenOf(key))).toEqual({ reason: 'keys-unavailable' })
  expect(fetches).toBe(1)
})
