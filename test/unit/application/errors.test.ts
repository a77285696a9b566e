import { describe, expect, it } from 'vitest'
import { Misconfigured, StorageFault, Unavailable, UserErased } from '../../../src/application/ports.ts'
import { UnfitServer } from '../../../src/application/unfit-server.ts'
import { WrongServer } from '../../../src/application/wrong-server.ts'
import { newUser } from '../../support/new-user.ts'

const cause = new Error('told by the driver')

describe('an error of a use case names itself in the log, and keeps its cause', () => {
  it.each([
    ['Unavailable', Unavailable, 'the store cannot be reached'],
    ['Misconfigured', Misconfigured, 'the store is not set up as it has to be'],
    ['StorageFault', StorageFault, 'a statement cannot work'],
  ])('%s', (name, Kind, message) => {
    expect(new Kind(cause)).toMatchObject({ name, message, cause })
  })

  it('WrongServer is unavailable, and says why the server must not be asked', () => {
    const error = new WrongServer('is a standby')
    expect(error).toBeInstanceOf(Unavailable)
    expect(error).toMatchObject({
      name: 'Unavailable',
      why: 'is a standby',
      cause: { message: 'the server that the address of the database leads to is a standby' },
    })
  })

  it('UnfitServer says one fault a line', () => {
    const faults = ['set one', 'grant the other']
    expect(new UnfitServer(faults)).toMatchObject({
      name: 'UnfitServer',
      faults,
      message: 'set one\ngrant the other',
    })
  })

  it('UserErased names the user for whom somebody else acted, if there is one', () => {
    const pia = newUser('pia')
    expect(new UserErased(pia)).toMatchObject({
      name: 'UserErased',
      message: 'the user was erased',
      user: pia,
    })
    expect(new UserErased().user).toBeUndefined()
  })
})
