/** `npm run -s token -- <user id>`: prints a token for development and nothing else. */
import { parseArgs } from 'node:util'

import { ConfigError, readConfig } from '../config.ts'
import { loadEnvFile } from '../config/env-file.ts'
import type { UserId } from '../domain/user-id.ts'
import { parseUserId } from '../domain/user-id.ts'
import { DevelopmentKeyError, requireDevelopmentKey, signDevelopmentToken } from './development-key.ts'
import { ROLES } from './identity.ts'
import type { Role } from './identity.ts'

const USAGE = 'Usage: npm run -s token -- <user id> [--role administrator|service|auditor] [--expires-in 8h]'
const EXIT_USAGE = 64
const EXIT_NOT_AVAILABLE = 78
const DEFAULT_LIFETIME = '12h'
const MAX_LIFETIME_SECONDS = 30 * 86_400
const SECONDS_OF = { s: 1, m: 60, h: 3600, d: 86_400 } as const

type TokenOrder = { userId: UserId; roles: readonly Role[]; lifetimeSeconds: number }

process.exitCode = await printToken(process.argv.slice(2), process.env)

async function printToken(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const order = orderIn(args)
  if ('fault' in order) {
    console.error(`${order.fault}\n${USAGE}`)
    return EXIT_USAGE
  }
  try {
    loadEnvFile()
    const config = readConfig(env)
    if (config.identity.source !== 'development-key') {
      console.error(
        'This deployment believes the issuer named in JWT_JWKS_URI or JWT_PUBLIC_KEY: tokens come from there. ' +
          'Here they are made only in development, with the embedded database, on loopback and without such a key.',
      )
      return EXIT_NOT_AVAILABLE
    }
    console.log(await signDevelopmentToken(await requireDevelopmentKey(config.dataDir), order))
    return 0
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof DevelopmentKeyError)) throw error
    console.error(error.message)
    return EXIT_NOT_AVAILABLE
  }
}

function orderIn(args: string[]): TokenOrder | { fault: string } {
  let parsed
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        role: { type: 'string', multiple: true, default: [] },
        'expires-in': { type: 'string', default: DEFAULT_LIFETIME },
      },
    })
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) }
  }
  const { values, positionals } = parsed
  const [user, surplus] = positionals
  if (user === undefined) return { fault: 'The user id is missing.' }
  if (surplus !== undefined) return { fault: 'One token is for one user: quote an id that holds spaces.' }
  const userId = parseUserId(user)
  if (userId === undefined) return { fault: 'A user id has 1 to 255 bytes and no control characters.' }
  if (!values.role.every(isRole)) return { fault: `A role is one of ${ROLES.join(', ')}.` }
  const lifetimeSeconds = secondsIn(values['expires-in'])
  if (lifetimeSeconds === undefined)
    return { fault: '--expires-in is a number with s, m, h or d, from 1s to 30d.' }
  return { userId, roles: values.role.filter(isRole), lifetimeSeconds }
}

function isRole(value: string): value is Role {
  return (ROLES as readonly string[]).includes(value)
}

function secondsIn(duration: string): number | undefined {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(duration) ?? []
  if (count === undefined || unit === undefined) return undefined
  const seconds = Number(count) * SECONDS_OF[unit as keyof typeof SECONDS_OF]
  return seconds >= 1 && seconds <= MAX_LIFETIME_SECONDS ? seconds : undefined
}
