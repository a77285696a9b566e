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
