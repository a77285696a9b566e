/**
 * What can go wrong with the embedded server, as codes that stay the same between releases:
 * - `PLATFORM_UNSUPPORTED`: no package with binaries for this platform, or it was not installed.
 * - `BINARIES_UNUSABLE`: they are there, but cannot be run by the account that must run them.
 * - `FOLDER_IN_USE`: another process serves this data folder; it was left alone.
 * - `FOLDER_UNUSABLE`: the data folder cannot be read, written, or is no data folder of ours.
 * - `OTHER_MAJOR_VERSION`: the data were written by another major version of PostgreSQL.
 * - `INITDB_FAILED`: a new data folder could not be set up; nothing was left behind.
 * - `PORTS_TAKEN`: every port that was tried was taken by someone else before the server bound it.
 * - `START_FAILED`: the server ended, or said nothing for too long, before it was ready.
 * - `CRASHED`: the server ended while it was in use, and not because we stopped it.
 */
export type EmbeddedPostgresErrorCode =
  | 'PLATFORM_UNSUPPORTED'
  | 'BINARIES_UNUSABLE'
  | 'FOLDER_IN_USE'
  | 'FOLDER_UNUSABLE'
  | 'OTHER_MAJOR_VERSION'
  | 'INITDB_FAILED'
  | 'PORTS_TAKEN'
  | 'START_FAILED'
  | 'CRASHED'

/** A failure of the embedded server. The message says what to do about it, and never holds the password. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError'
  readonly code: EmbeddedPostgresErrorCode

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
