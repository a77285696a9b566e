/** The one database that the embedded server serves. */
export const DATABASE_NAME = 'presence_privacy'

/** Connects as superuser over loopback. It holds the password: never log it. */
export function databaseUrl(to: {
  readonly password: string
  readonly port: number
  readonly database?: string
}): string {
  return `postgres://postgres:${to.password}@127.0.0.1:${to.port}/${to.database ?? DATABASE_NAME}`
}

/**
 * The same for a client of ours. pg fills what is left out from variables of the environment that libpq reads, as PGSSLMODE and
 * PGOPTIONS, which are about another server.
 */
export function connectionTo(to: {
  readonly password: string
  readonly port: number
  readonly database?: string
}) {
  return {
    host: '127.0.0.1',
    port: to.port,
    user: 'postgres',
    password: to.password,
    database: to.database ?? DATABASE_NAME,
    ssl: false,
    sslnegotiation: 'postgres',
    options: '-c DateStyle=ISO',
    replication: 'false',
  } as const
}
