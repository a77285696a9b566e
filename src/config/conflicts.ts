import { isLoopback } from './settings.ts'
import type { SettingName, Settings } from './settings.ts'

const NAMES_OF_THE_KEY = ['JWT_JWKS_URI', 'JWT_PUBLIC_KEY'] as const
const NAMES_AROUND_THE_KEY = [
  'JWT_ISSUER',
  'JWT_AUDIENCE',
  'JWT_ALGORITHMS',
  'JWT_USER_CLAIM',
  'JWT_ROLES_CLAIM',
] as const

type Reading = {
  /** Says whether the environment holds a value, right or wrong. */
  readonly isSet: (name: SettingName) => boolean
  /** The values that could be read; a wrong one is missing here, and rules that need it wait until it is right. */
  readonly values: Partial<Settings>
}

/** What is wrong between settings that are right one by one. */
export function conflictsIn(reading: Reading): string[] {
  return [...portConflicts(reading), ...databaseConflicts(reading), ...identityConflicts(reading)]
}

function portConflicts({ values: { PORT, METRICS_PORT } }: Reading): string[] {
  return PORT !== undefined && PORT !== 0 && PORT === METRICS_PORT
    ? [
        'METRICS_PORT: is the same as PORT; who may ask for presence must not read metrics, so give another one',
      ]
    : []
}

/** What is wrong between the settings of the database. */
export function databaseConflicts({ isSet, values }: Reading): string[] {
  const faults: string[] = []
  if (!isSet('DATABASE_URL')) {
    if (values.NODE_ENV === 'production') {
      faults.push(
        'DATABASE_URL: must be set in production; the embedded PostgreSQL serves development and tests only',
      )
    }
    if (isSet('DATABASE_DIRECT_URL')) {
      faults.push('DATABASE_DIRECT_URL: means nothing without DATABASE_URL; set that one, or neither')
    }
    if (values.DATABASE_POOLER === 'transaction') {
      faults.push(
        'DATABASE_POOLER: means nothing without DATABASE_URL; set that one to the address of the pooler',
      )
    }
    return faults
  }
  if (values.DATABASE_POOLER === 'transaction') {
    if (!isSet('DATABASE_DIRECT_URL')) {
      faults.push(
        'DATABASE_DIRECT_URL: must be set when DATABASE_POOLER=transaction; give the address of PostgreSQL itself, for LISTEN and migrations do not pass through such a pooler',
      )
    } else if (values.DATABASE_URL !== undefined && values.DATABASE_URL === values.DATABASE_DIRECT_URL) {
      faults.push(
        'DATABASE_DIRECT_URL: is the same as DATABASE_URL, the pooler; give the address of PostgreSQL itself',
      )
    }
  }
  return faults
}

function identityConflicts(reading: Reading): string[] {
  const { isSet } = reading
  const [first, second] = NAMES_OF_THE_KEY.filter(isSet)
  if (first === undefined) return missingKeyConflicts(reading)
  const faults: string[] = []
  if (second !== undefined) faults.push('JWT_PUBLIC_KEY: is set beside JWT_JWKS_URI; keep one of the two')
  if (!isSet('JWT_ISSUER'))
    faults.push(`JWT_ISSUER: must be set with ${first}; give the iss claim of your tokens`)
  if (!isSet('JWT_AUDIENCE'))
    faults.push(`JWT_AUDIENCE: must be set with ${first}; give the aud claim that stands for this service`)
  return [...faults, ...keyConflicts(reading.values)]
}

function keyConflicts({
  NODE_ENV,
  JWT_JWKS_URI,
  JWT_PUBLIC_KEY,
  JWT_ALGORITHMS,
}: Partial<Settings>): string[] {
  const faults: string[] = []
  const address = JWT_JWKS_URI === undefined ? undefined : new URL(JWT_JWKS_URI)
  if (NODE_ENV === 'production' && address?.protocol === 'http:' && !isLoopback(address.hostname)) {
    faults.push(
      'JWT_JWKS_URI: must be https in production; who can change the keys on the way can be any user',
    )
  }
  const fitting = JWT_PUBLIC_KEY?.algorithms
  if (fitting !== undefined && JWT_ALGORITHMS?.some((algorithm) => !fitting.includes(algorithm)) === true) {
    faults.push(
      `JWT_ALGORITHMS: does not fit the key in JWT_PUBLIC_KEY, which can verify ${fitting.join(', ')}`,
    )
  }
  return faults
}

/** Without a key, one is generated, but only where nobody else can reach: in development, embedded database, loopback. */
function missingKeyConflicts({ isSet, values }: Reading): string[] {
  const orphans = NAMES_AROUND_THE_KEY.filter(isSet).map(
    (name) =>
      `${name}: means nothing without a key; set JWT_JWKS_URI or JWT_PUBLIC_KEY as well, or leave it out`,
  )
  const obstacle = whyNoGeneratedKey({ isSet, values })
  if (obstacle === undefined) return orphans
  return [`JWT_JWKS_URI: must be set, or JWT_PUBLIC_KEY, ${obstacle}`, ...orphans]
}

function whyNoGeneratedKey({ isSet, values: { NODE_ENV, HOST } }: Reading): string | undefined {
  if (NODE_ENV !== undefined && NODE_ENV !== 'development') {
    return `when NODE_ENV=${NODE_ENV}; a key is generated in development only`
  }
  if (isSet('DATABASE_URL')) {
    return 'when DATABASE_URL is set; a key is generated beside the embedded database only'
  }
  if (HOST !== undefined && !isLoopback(HOST)) {
    return 'when HOST is not a loopback address; a generated key is not for others to reach'
  }
  return undefined
}
