import { Unavailable } from './ports.ts'

/** A server that must not be asked, however well it answers. */
export class WrongServer extends Unavailable {
  readonly why: string

  constructor(why: string) {
    super(new Error(`the server that the address of the database leads to ${why}`))
    this.why = why
  }
}
