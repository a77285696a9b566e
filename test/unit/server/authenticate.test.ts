import { expect, test, vi } from 'vitest'
import { createTokenVerifier } from '../../../src/identity/token-verifier.ts'
import { authenticate } from '../../../src/server/authenticate.ts'
import { claimsOf, issuerKey, sign, trustIn } from '../../support/token-issuer.ts'

const lookedUp = vi.hoisted((): string[] => [])
vi.mock(import('../../../src/identity/verified-tokens.ts'), async (original) => {
  const { createVerifiedTokens } = await original()
  return {
    createVerifiedTokens(options) {
      const tokens = createVerifiedTokens(options)
      const find = (token: string) => {
        lookedUp.push(token)
        return tokens.find(token)
      }
      return { ...tokens, find }
    },
  }
})

test('a token is looked up once for each request, and known at once after the first', async () => {
  const key = issuerKey()
  const verifier = createTokenVerifier(trustIn(key))
  const token = await sign(key, claimsOf('alice'))
  const carrier = { authorizationHeader: `Bearer ${token}` }
  const first = authenticate(verifier, carrier)
  expect(first).toBeInstanceOf(Promise)
  expect(await first).toMatchObject({ userId: 'alice' })
  expect(lookedUp).toEqual([token])
  expect(authenticate(verifier, carrier)).toMatchObject({ userId: 'alice' })
  expect(lookedUp).toEqual([token, token])
})
