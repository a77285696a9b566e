import { createHmac, createSign } from 'node:crypto'

import { afterEach, describe, expect, test, vi } from 'vitest'

import { bearerToken } from '../../src/identity/bearer-token.ts'
import { isIdentityFailure } from '../../src/identity/identity.ts'
import type { Identity, IdentityFailure } from '../../src/identity/identity.ts'
import { createTokenVerifier } from '../../src/identity/token-verifier.ts'
import type { TokenTrust } from '../../src/identity/token-trust.ts'
import {
  AUDIENCE,
  claimsOf,
  compactToken,
  epochSeconds,
  issuerKey,
  sign,
  trustIn,
} from '../support/token-issuer.ts'
import type { IssuerKey } from '../support/token-issuer.ts'

const ours = issuerKey()
const rsa = issuerKey('RS256')

afterEach(() => {
  vi.useRealTimers()
})

async function verify(token: string, trust: TokenTrust = trustIn(ours)): Promise<Identity | IdentityFailure> {
  return createTokenVerifier(trust).verify(token)
}

function identityIn(outcome: Identity | IdentityFailure): Identity {
  if (isIdentityFailure(outcome)) throw new Error(`nobody is asking: ${outcome.reason}`)
  return outcome
}

/** ES256 as RFC 7515 wants it: 64 bytes, not DER. */
function signedWith(key: IssuerKey): (input: string) => Buffer {
  return (input) =>
    createSign('sha256').update(input).sign({ key: key.privateKey, dsaEncoding: 'ieee-p1363' })
}

function at(epochMs: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: epochMs })
}

describe('a token that is believed', () => {
  test('names its user, byte for byte', async () => {
    for (const id of ['alice', ' alice ', 'ALICE', '工号-17', 'a'.repeat(255), 'auth0|5f7c']) {
      expect(identityIn(await verify(await sign(ours, claimsOf(id)))).userId).toBe(id)
    }
  })

  test('names no roles unless it says so', async () => {
    expect(identityIn(await verify(await sign(ours, claimsOf('alice')))).roles).toEqual(new Set())
  })

  test.each([
    ['RS256', issuerKey('RS256')],
    ['EdDSA', issuerKey('EdDSA')],
    ['ES256', issuerKey('ES256')],
  ] as const)('may be signed with %s where that is trusted', async (_, key) => {
    expect(identityIn(await verify(await sign(key, claimsOf('alice')), trustIn(key))).userId).toBe('alice')
  })

  test('may name this service among several audiences', async () => {
    const token = await sign(ours, claimsOf('alice', { aud: ['accounts', AUDIENCE] }))
    expect(identityIn(await verify(token)).userId).toBe('alice')
  })

  test('counts until five seconds after its end, and says so', async () => {
    const exp = epochSeconds() + 600
    const token = await sign(ours, claimsOf('alice', { exp }))
    const verifier = createTokenVerifier(trustIn(ours))
    expect(identityIn(await verifier.verify(token)).expiresAt).toBe((exp + 5) * 1000)
    at((exp + 5) * 1000 - 1)
    expect(identityIn(await verifier.verify(token)).userId).toBe('alice')
    expect(identityIn(await verify(token)).userId).toBe('alice')
    at((exp + 5) * 1000)
    expect(await verifier.verify(token)).toEqual({ reason: 'expired' })
    expect(await verify(token)).toEqual({ reason: 'expired' })
  })

  test('that never ends still has an end that a Date can hold', async () => {
    const token = await sign(ours, claimsOf('alice', { exp: 1e300 }))
    expect(new Date(identityIn(await verify(token)).expiresAt).getTime()).toBe(8.64e15)
  })

  test('counts from five seconds before its beginning', async () => {
    const nbf = epochSeconds() + 60
    const token = await sign(ours, claimsOf('alice', { nbf }))
    at((nbf - 6) * 1000)
    expect(await verify(token)).toEqual({ reason: 'rejected' })
    at((nbf - 5) * 1000)
    expect(identityIn(await verify(token)).userId).toBe('alice')
  })
})

describe('a token that is not believed', () => {
  test('has no algorithm', async () => {
    const none = (alg: string) => compactToken({ alg }, claimsOf('alice'), () => Buffer.alloc(0))
    expect(await verify(none('none'))).toEqual({ reason: 'rejected' })
    expect(await verify(none('None'))).toEqual({ reason: 'rejected' })
    expect(await verify(none(''))).toEqual({ reason: 'malformed' })
  })

  test.each([
    ['RSA', rsa],
    ['EC', ours],
  ])('takes the text of the public %s key for a shared secret', async (_, key) => {
    const forged = compactToken({ alg: 'HS256' }, claimsOf('alice'), (input) =>
      createHmac('sha256', key.publicPem).update(input).digest(),
    )
    expect(await verify(forged, trustIn(key))).toEqual({ reason: 'rejected' })
  })

  test('brings a key of its own', async () => {
    const theirs = issuerKey()
    const token = await sign(theirs, claimsOf('alice'), {
      kid: ours.keyId,
      jwk: theirs.publicJwk,
      jku: 'https://evil.example/jwks.json',
    })
    expect(await verify(token)).toEqual({ reason: 'rejected' })
  })

  test('is believed for its signature alone: a key that it brings beside ours is ignored', async () => {
    const token = await sign(ours, claimsOf('alice'), { jwk: issuerKey().publicJwk })
    expect(identityIn(await verify(token)).userId).toBe('alice')
  })

  test('is signed with an algorithm that the key could verify and the deployment does not trust', async () => {
    const token = await sign(rsa, claimsOf('alice'), { alg: 'PS256' })
    expect(await verify(token, trustIn(rsa))).toEqual({ reason: 'rejected' })
    expect(identityIn(await verify(token, trustIn(rsa, { algorithms: ['PS256'] }))).userId).toBe('alice')
  })

  test('is signed with an algorithm that the deployment trusts and the key does not fit', async () => {
    const token = await sign(rsa, claimsOf('alice'))
    expect(await verify(token, trustIn(ours, { algorithms: ['ES256', 'RS256'] }))).toEqual({
      reason: 'rejected',
    })
  })

  test('was changed after it was signed', async () => {
    const [header, , signature] = (await sign(ours, claimsOf('alice'))).split('.')
    const [, changed] = (await sign(ours, claimsOf('bob'))).split('.')
    expect(await verify([header, changed, signature].join('.'))).toEqual({ reason: 'rejected' })
  })

  test.each([
    ['comes from another issuer', { iss: 'https://issuer.example/' }],
    ['has no issuer', { iss: undefined }],
    ['has several issuers', { iss: ['https://issuer.example'] }],
    ['is meant for another audience', { aud: 'accounts' }],
    ['is meant for nobody', { aud: undefined }],
    ['is meant for an empty list', { aud: [] }],
    ['has no end', { exp: undefined }],
    ['has an end that is no number', { exp: '4102444800' }],
    ['has a beginning that is no number', { nbf: 'now' }],
    ['is not yet good', { nbf: epochSeconds() + 3600 }],
  ])('%s', async (_, overrides) => {
    expect(await verify(await sign(ours, claimsOf('alice', overrides)))).toEqual({ reason: 'rejected' })
  })

  test('is over', async () => {
    const token = await sign(ours, claimsOf('alice', { exp: epochSeconds() - 60 }))
    expect(await verify(token)).toEqual({ reason: 'expired' })
  })

  test('is not called expired before its signature is known to be ours', async () => {
    const token = await sign(issuerKey(), claimsOf('alice', { exp: epochSeconds() - 60 }))
    expect(await verify(token)).toEqual({ reason: 'rejected' })
  })

  test.each([
    { crit: ['urn:example:must-know'], 'urn:example:must-know': true },
    { crit: [] },
    { crit: 'exp' },
  ])('demands what is not understood here: %j', async (header) => {
    const token = compactToken({ alg: 'ES256', ...header }, claimsOf('alice'), signedWith(ours))
    expect(isIdentityFailure(await verify(token))).toBe(true)
  })

  test('has its payload unencoded', async () => {
    const token = compactToken(
      { alg: 'ES256', b64: false, crit: ['b64'] },
      claimsOf('alice'),
      signedWith(ours),
    )
    expect(isIdentityFailure(await verify(token))).toBe(true)
  })

  test('put together by hand is believed if nothing is wrong with it', async () => {
    const token = compactToken({ alg: 'ES256' }, claimsOf('alice'), signedWith(ours))
    expect(identityIn(await verify(token)).userId).toBe('alice')
  })

  test.each([
    ['nothing', ''],
    ['a word', 'token'],
    ['two parts', 'a.b'],
    ['an encrypted token', 'a.b.c.d.e'],
    ['empty parts', '..'],
    ['parts that are no JSON', 'aaaa.bbbb.cccc'],
    ['a megabyte', 'a'.repeat(1_000_000)],
  ])('%s is malformed', async (_, token) => {
    expect(await verify(token)).toEqual({ reason: 'malformed' })
  })

  test('is larger than any header may be, though it is ours', async () => {
    const token = await sign(ours, claimsOf('alice', { padding: 'a'.repeat(16_384) }))
    expect(await verify(token)).toEqual({ reason: 'malformed' })
  })

  test.each([
    ['a list', ['alice']],
    ['a string', 'alice'],
    ['nothing', null],
  ])('has %s for claims', async (_, claims) => {
    expect(await verify(compactToken({ alg: 'ES256' }, claims, signedWith(ours)))).toEqual({
      reason: 'malformed',
    })
  })
})

describe('a token without a user', () => {
  test.each([
    ['none', undefined],
    ['null', null],
    ['a number', 42],
    ['a list', ['alice']],
    ['an object', { id: 'alice' }],
    ['empty', ''],
    ['256 bytes', 'a'.repeat(256)],
    ['128 characters of two bytes', 'ä'.repeat(128)],
    ['a NUL', 'ali\u0000ce'],
    ['a line break', 'alice\n'],
    ['a C1 control', 'alice\u0085'],
    ['half a surrogate pair', 'alice\ud800'],
  ])('names nobody: %s', async (_, userId) => {
    expect(await verify(await sign(ours, claimsOf(userId)))).toEqual({ reason: 'no-user' })
  })

  test('does not get one from the claim that this deployment does not use', async () => {
    const trust = trustIn(ours, { userClaim: ['uid'] })
    expect(await verify(await sign(ours, claimsOf('alice')), trust)).toEqual({ reason: 'no-user' })
    const token = await sign(ours, claimsOf('alice', { uid: 'u-1' }))
    expect(identityIn(await verify(token, trust)).userId).toBe('u-1')
  })
})

describe('roles', () => {
  test.each([
    ['a list', ['administrator', 'service'], ['administrator', 'service']],
    ['a string with spaces between', 'openid service', ['service']],
    ['roles of other services', ['admin', 'superuser', 'ADMINISTRATOR', 'administrator '], []],
    ['a list with other things in it', [1, null, { role: 'service' }, 'administrator'], ['administrator']],
    ['a list in a list', [['administrator']], []],
    ['an object', { administrator: true }, []],
    ['a number', 7, []],
    ['null', null, []],
  ])('come from %s', async (_, claim, roles) => {
    const token = await sign(ours, claimsOf('alice', { roles: claim }))
    expect(identityIn(await verify(token)).roles).toEqual(new Set(roles))
  })

  test('come from nested claims', async () => {
    const trust = trustIn(ours, { rolesClaim: ['realm_access', 'roles'] })
    const nested = await sign(
      ours,
      claimsOf('alice', { realm_access: { roles: ['service', 'offline_access'] } }),
    )
    expect(identityIn(await verify(nested, trust)).roles).toEqual(new Set(['service']))
    const flat = await sign(
      ours,
      claimsOf('alice', { roles: ['service'], 'realm_access.roles': ['service'] }),
    )
    expect(identityIn(await verify(flat, trust)).roles).toEqual(new Set())
  })
})

describe('remembered tokens', () => {
  test('the same token gives the same identity without being verified again', async () => {
    const verifier = createTokenVerifier(trustIn(ours))
    const token = await sign(ours, claimsOf('alice'))
    expect(await verifier.verify(token)).toBe(await verifier.verify(token))
  })

  test('only the most recently used are kept', async () => {
    const verifier = createTokenVerifier(trustIn(ours), { rememberedTokens: 2 })
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((id) => sign(ours, claimsOf(id))))
    if (a === undefined || b === undefined || c === undefined) throw new Error('three tokens were signed')
    const [firstOfA, firstOfB] = [await verifier.verify(a), await verifier.verify(b)]
    expect(await verifier.verify(a)).toBe(firstOfA)
    await verifier.verify(c)
    expect(await verifier.verify(a)).toBe(firstOfA)
    expect(await verifier.verify(b)).not.toBe(firstOfB)
  })

  test('a remembered token does not vouch for one with another signature', async () => {
    const verifier = createTokenVerifier(trustIn(ours))
    const token = await sign(ours, claimsOf('alice'))
    await verifier.verify(token)
    const forged = `${token.slice(0, token.lastIndexOf('.'))}.${Buffer.alloc(64, 1).toString('base64url')}`
    expect(await verifier.verify(forged)).toEqual({ reason: 'rejected' })
  })
})

describe('where a token is taken from', () => {
  test.each([
    ['the Authorization header', { authorizationHeader: 'Bearer abc.def.ghi' }],
    ['the header with a scheme in other letters', { authorizationHeader: 'bEaReR   abc.def.ghi ' }],
    ['connection_init', { connectionParams: { authorization: 'Bearer abc.def.ghi' } }],
    ['connection_init, capitalised', { connectionParams: { Authorization: 'bearer abc.def.ghi' } }],
    ['its headers', { connectionParams: { headers: { authorization: 'Bearer abc.def.ghi' } } }],
    ['its headers, capitalised', { connectionParams: { headers: { Authorization: 'Bearer abc.def.ghi' } } }],
    [
      'several places that agree',
      {
        authorizationHeader: 'Bearer abc.def.ghi',
        connectionParams: {
          authorization: 'bearer abc.def.ghi',
          headers: { Authorization: 'Bearer abc.def.ghi' },
        },
      },
    ],
    [
      'the place that holds one beside empty ones',
      {
        authorizationHeader: '',
        connectionParams: { authorization: null, Authorization: 'Bearer abc.def.ghi' },
      },
    ],
  ])('%s', (_, from) => {
    expect(bearerToken(from)).toBe('abc.def.ghi')
  })

  test.each([
    ['nothing at all', {}],
    ['no header', { authorizationHeader: undefined, connectionParams: undefined }],
    ['an empty header', { authorizationHeader: '' }],
    ['a connection_init without payload', { connectionParams: null }],
    [
      'a payload with other things',
      { connectionParams: { token: 'abc', cookie: 'authorization=Bearer abc' } },
    ],
    [
      'cookies among the headers',
      { connectionParams: { headers: { cookie: 'token=abc', Cookie: 'token=abc' } } },
    ],
    [
      'what an object inherits',
      { connectionParams: Object.create({ authorization: 'Bearer abc' }) as unknown },
    ],
    ['a payload that is a string', { connectionParams: 'Bearer abc' }],
  ])('%s holds none', (_, from) => {
    expect(bearerToken(from)).toEqual({ reason: 'missing' })
  })

  test.each([
    ['another scheme', { authorizationHeader: 'Basic YWxpY2U6c2VjcmV0' }],
    ['no scheme', { authorizationHeader: 'abc.def.ghi' }],
    ['a scheme alone', { authorizationHeader: 'Bearer ' }],
    ['two tokens', { authorizationHeader: 'Bearer abc, Bearer def' }],
    ['letters that no token has', { authorizationHeader: 'Bearer äbc' }],
    ['a line break', { authorizationHeader: 'Bearer abc\ndef' }],
    ['a number', { connectionParams: { authorization: 42 } }],
    ['a list', { connectionParams: { authorization: ['Bearer abc'] } }],
    ['a megabyte', { connectionParams: { authorization: `Bearer ${'a'.repeat(1_000_000)}` } }],
    [
      'header and payload with different users',
      { authorizationHeader: 'Bearer abc', connectionParams: { authorization: 'Bearer def' } },
    ],
    [
      'a payload that contradicts itself',
      { connectionParams: { authorization: 'Bearer abc', headers: { authorization: 'Bearer def' } } },
    ],
  ])('%s is malformed', (_, from) => {
    expect(bearerToken(from)).toEqual({ reason: 'malformed' })
  })
})

test('a claim is one that the token holds, and nothing that every object has', async () => {
  const token = await sign(ours, claimsOf('alice'))
  for (const userClaim of [
    ['constructor', 'name'],
    ['toString', 'name'],
    ['__proto__', 'constructor', 'name'],
  ])
    expect(await verify(token, trustIn(ours, { userClaim }))).toEqual({ reason: 'no-user' })
  const claims = { ...claimsOf('alice'), given: {} }
  const inherited = trustIn(ours, { userClaim: ['given', 'constructor', 'name'] })
  expect(await verify(await sign(ours, claims), inherited)).toEqual({ reason: 'no-user' })
})
