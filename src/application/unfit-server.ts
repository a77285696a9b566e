/**
 * The server or the role is set up in a way in which answers would be wrong, or fail for ever. Each fault says what to do; none holds
 * more of the database than names of settings and of roles.
 */
export class UnfitServer extends Error {
  override readonly name = 'UnfitServer'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}
