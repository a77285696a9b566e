import { describe, expect, test } from 'vitest'
import { isAllowedOrigin } from '../../../src/server/origins.ts'

const ORIGINS = { listed: ['https://app.example'], local: true }

describe('a page may connect', () => {
  test.each([
    undefined,
    'https://app.example',
    'http://localhost',
    'http://localhost:3000',
    'https://127.0.0.1:8443',
    'http://[::1]:5173',
  ])('from %s', (origin) => {
    expect(isAllowedOrigin(origin, ORIGINS)).toBe(true)
  })

  test.each([
    'https://app.example.org',
    'https://app.example:8443',
    'http://app.example',
    'https://APP.example',
    'https://app.example/',
    'http://localhost.example.org',
    'http://localhost:3000.example.org',
    'http://localhost:123456',
    'http://127.0.0.1.example.org',
    'http://evil.example/http://localhost',
    'http://evil.example\nhttp://localhost',
    'ftp://localhost',
    'null',
    '',
  ])('not from %j', (origin) => {
    expect(isAllowedOrigin(origin, ORIGINS)).toBe(false)
  })

  test('of this machine only where that is said', () => {
    expect(isAllowedOrigin('http://localhost:3000', { ...ORIGINS, local: false })).toBe(false)
  })
})
