import { isIP, isIPv4 } from 'node:net'
import { resolve } from 'node:path'

import { z } from 'zod'

import { readPublicKey } from '../identity/public-key.ts'
import { SIGNATURE_ALGORITHMS } from '../identity/token-trust.ts'
import type { ClaimPath, SignatureAlgorithm } from '../identity/token-trust.ts'

/**
 * One schema a variable: text in, value out. Messages say what is wrong and what to write instead, after the variable's name, and
 * never quote the text: it may be a password. `.env.example` documents the same names; a test holds the two together.
 */
export const settings = {
  NODE_ENV: oneOf(['development', 'production', 'test']).default('development'),

  HOST: host().default('127.0.0.1'),
  PORT: wholeNumber({ from: 0, to: 65_535 }).default(4001),
  ALLOWED_ORIGINS: origins().default([]),
  MAX_ANONYMOUS_CONNECTIONS: wholeNumber({ from: 1, to: 100_000 }).default(1000),
  SHUTDOWN_DELAY_MS: wholeNumber({ from: 0, to: 600_000 }).optional(),
  SHUTDOWN_TIMEOUT_MS: wholeNumber({ from: 0, to: 600_000 }).default(10_000),
  METRICS_HOST: host().default('127.0.0.1'),
  METRICS_PORT: wholeNumber({ from: 0, to: 65_535 }).optional(),

  DATABASE_URL: databaseUrl().optional(),
  DATABASE_DIRECT_URL: databaseUrl().optional(),
  DATABASE_POOLER: oneOf(['none', 'transaction']).default('none'),
  DATABASE_POOL_SIZE: wholeNumber({ from: 1, to: 1000 }).default(10),
  DATABASE_READ_CONNECTIONS: wholeNumber({ from: 1, to: 100 }).default(2),
  DATABASE_STATEMENT_TIMEOUT_MS: wholeNumber({ from: 1, to: 600_000 }).default(5000),
  DATABASE_LOCK_TIMEOUT_MS: wholeNumber({ from: 1, to: 600_000 }).default(3000),
  DATABASE_CONNECT_TIMEOUT_MS: wholeNumber({ from: 1, to: 600_000 }).default(5000),
  DATA_DIR: z
    .string()
    .default('.data')
    .transform((path) => resolve(path)),
  MIGRATE: oneOf(['auto', 'check', 'off']).default('auto'),

  JWT_JWKS_URI: text(
    isKeySetAddress,
    'must be an http(s) address without user, password and fragment',
  ).optional(),
  JWT_PUBLIC_KEY: publicKey().optional(),
  JWT_ISSUER: z.string().optional(),
  JWT_AUDIENCE: z.string().optional(),
  JWT_ALGORITHMS: algorithms().default(['ES256']),
  JWT_USER_CLAIM: claimPath().default(['sub']),
  JWT_ROLES_CLAIM: claimPath().default(['roles']),

  BLOCKING_HIDES_BOTH_WAYS: oneOf(['on', 'off']).default('on'),
  IDLE_AFTER_SECONDS: wholeNumber({ from: 0, to: 86_400 }).default(300),
  AWAY_AFTER_SECONDS: wholeNumber({ from: 0, to: 86_400 }).default(900),
  INTROSPECTION: oneOf(['on', 'off']).optional(),
  GRAPHIQL: oneOf(['on', 'off']).optional(),
  SWEEP_INTERVAL_SECONDS: wholeNumber({ from: 0, to: 86_400 }).default(60),
  REQUEST_RETENTION_DAYS: wholeNumber({ from: 1, to: 3650 }).default(90),
  TRAIL_RETENTION_DAYS: wholeNumber({ from: 1, to: 3650 }).default(365),
  MAX_REPRESENTATIONS: wholeNumber({ from: 1, to: 100_000 }).default(1000),
  MAX_SUBSCRIPTIONS_PER_USER: wholeNumber({ from: 1, to: 100_000 }).default(100),
  MAX_SUBSCRIPTION_WEIGHT_PER_USER: wholeNumber({ from: 10_000, to: 100_000_000 }).default(40_000),
  MAX_SOCKETS_PER_USER: wholeNumber({ from: 1, to: 100_000 }).default(100),
  MAX_CONNECTIONS_PER_USER: wholeNumber({ from: 1, to: 100_000 }).default(200),
  STREAM_SNAPSHOT_SECONDS: wholeNumber({ from: 1, to: 86_400 }).default(120),
  USER_WORK_PER_SECOND: wholeNumber({ from: 100, to: 100_000_000 }).default(15_000),
  SERVICE_WORK_PER_SECOND: wholeNumber({ from: 100, to: 100_000_000 }).default(30_000),
  ADMINISTRATOR_WORK_PER_SECOND: wholeNumber({ from: 100, to: 100_000_000 }).default(40_000),
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
}

export type SettingName = keyof typeof settings

export type Settings = { readonly [Name in SettingName]: z.output<(typeof settings)[Name]> }

/** Takes a host as HOST or as a URL writes it: `::1` or `[::1]`. */
export function isLoopback(host: string): boolean {
  return ['localhost', '::1', '[::1]'].includes(host) || (isIPv4(host) && host.startsWith('127.'))
}

function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` })
}

function text(isRight: (value: string) => boolean, message: string) {
  return z.string().refine(isRight, { error: message })
}

function host() {
  return text(isHost, 'must be an address or a name without scheme and port, such as 127.0.0.1 or ::')
}

function wholeNumber({ from, to }: { from: number; to: number }) {
  return text(
    (value) => /^\d{1,9}$/.test(value) && Number(value) >= from && Number(value) <= to,
    `must be a whole number from ${from} to ${to}, written in digits alone`,
  ).transform(Number)
}

function listIn(value: string): string[] {
  return value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

function origins() {
  return text(
    (value) => listIn(value).every(isOrigin),
    'must list exact origins with commas between, such as https://app.example.com,https://example.com:8443 (no path, no trailing slash, no *)',
  ).transform(listIn)
}

function algorithms() {
  return text(
    (value) => listIn(value).length > 0 && listIn(value).every(isSignatureAlgorithm),
    `must list some of ${SIGNATURE_ALGORITHMS.join(', ')} with commas between; "none" and shared secrets (HS*) are never trusted`,
  ).transform((value) => [...new Set(listIn(value).filter(isSignatureAlgorithm))])
}

function databaseUrl() {
  return text(
    (value) => ['postgres:', 'postgresql:'].includes(urlIn(value)?.protocol ?? ''),
    'must be postgres://user:password@host:port/database; write special characters of the password percent-encoded',
  )
}

function publicKey() {
  return z.string().transform((value, context) => {
    const reading = readPublicKey(value)
    if (!('fault' in reading)) return reading
    context.addIssue({ code: 'custom', message: reading.fault })
    return z.NEVER
  })
}

/** A claim named by an address (`https://example.com/user_id`) is one name, dots and all; otherwise dots lead to nested claims. */
function claimPath() {
  return z
    .string()
    .transform((value): ClaimPath => (/^https?:\/\//.test(value) ? [value] : value.split('.')))
    .refine((path) => path.every((name) => name !== ''), {
      error: 'must be the name of a claim, or of nested ones with dots between, such as realm_access.roles',
    })
}

function isHost(value: string): boolean {
  return value.includes(':') ? isIP(value) === 6 : /^[A-Za-z0-9._-]+$/.test(value)
}

function isOrigin(value: string): boolean {
  const url = urlIn(value)
  return url !== undefined && isWeb(url) && url.origin === value
}

function isKeySetAddress(value: string): boolean {
  const url = urlIn(value)
  return url !== undefined && isWeb(url) && url.username === '' && url.password === '' && url.hash === ''
}

function isWeb({ protocol }: URL): boolean {
  return protocol === 'https:' || protocol === 'http:'
}

function urlIn(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined
}

function isSignatureAlgorithm(value: string): value is SignatureAlgorithm {
  return (SIGNATURE_ALGORITHMS as readonly string[]).includes(value)
}
