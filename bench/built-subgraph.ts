import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { START_OPTIONS } from '../test/support/start-options.ts'
import { AUDIENCE, claimsOf, epochSeconds, ISSUER, issuerKey, sign } from '../test/support/token-issuer.ts'
import { forkServer, type ForkedServer } from './fork-server.ts'

const SERVER = 'bench/measured-server.js'
const THIS_CHECKOUT = new URL('../', import.meta.url)

const NO_ALLOWANCES = Object.fromEntries(
  ['USER', 'SERVICE', 'ADMINISTRATOR'].map((kind) => [`${kind}_WORK_PER_SECOND`, '100000000']),
)

const key = issuerKey()

/** What all that verify tokens here believe, as the service's settings. */
export const TRUST = { JWT_PUBLIC_KEY: key.publicPem, JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE }

/**
 * The service as it is built, with everything that it decides and stores. `checkout` is another one, built as well: of the commit before,
 * which has to run on this one's tables.
 */
export function startServer(
  databaseUrl: string,
  {
    checkout = THIS_CHECKOUT,
    execArgv = [],
    countStatements = false,
    usualAllowances = false,
  }: {
    readonly checkout?: URL
    readonly execArgv?: string[]
    readonly countStatements?: boolean
    /** Otherwise callers may begin whatever they like: few clients do here what many do elsewhere. */
    readonly usualAllowances?: boolean
  } = {},
): Promise<ForkedServer> {
  return forkServer(new URL(SERVER, checkout), {
    execArgv: [...START_OPTIONS, '--expose-gc', ...execArgv],
    env: {
      NODE_ENV: 'production',
      PORT: '0',
      DATABASE_URL: databaseUrl,
      ...TRUST,
      ...(!usualAllowances && NO_ALLOWANCES),
      ...(countStatements && { COUNT_STATEMENTS: '1' }),
    },
  })
}

/** With these claims beside the usual ones. */
export function tokenOf(user: string, claims: Record<string, unknown>): Promise<string> {
  return sign(key, claimsOf(user, claims))
}

/** Good for an hour. */
export async function tokensOf(users: readonly string[]): Promise<Record<string, string>> {
  const exp = epochSeconds() + 3600
  return Object.fromEntries(
    await Promise.all(users.map(async (user) => [user, await tokenOf(user, { exp })] as const)),
  )
}

/** The folder of another checkout, as a command names it. */
export function checkoutIn(folder: string): URL {
  return pathToFileURL(`${resolve(folder)}/`)
}
