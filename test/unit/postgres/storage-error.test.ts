import { describe, expect, it } from 'vitest'
import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm'
import pg from 'pg'
import { Misconfigured, StorageFault, Unavailable } from '../../../src/application/ports.ts'
import { repeatOnConflict } from '../../../src/postgres/repeat-on-conflict.ts'
import { storageError } from '../../../src/postgres/storage-error.ts'

const ofServer = (code: string, message = 'told'): Error =>
  Object.assign(new pg.DatabaseError(message, 4, 'error'), { code, severity: 'ERROR' })
const ofSystem = (code: string): Error => Object.assign(new Error('told'), { code })

describe('an error of the database is named by what can be done about it', () => {
  it.each<[string, Error]>([
    ['a refused connection', ofSystem('ECONNREFUSED')],
    ['a connection that breaks off', new Error('Connection terminated unexpectedly')],
    ['a read timeout', new Error('Query read timeout')],
    ['a pool without a free connection', new Error('timeout exceeded when trying to connect')],
    ['a connection that TypeORM has lost', new QueryRunnerAlreadyReleasedError()],
    ['a failed connection', ofServer('08006')],
    ['a pooler that has lost its server', ofServer('08P01', 'server conn crashed?')],
    ['a pooler that cannot reach its server', ofServer('08P01', 'server login has been failing')],
    ['a statement that was cancelled, or ran into its timeout', ofServer('57014')],
    ['a server that stops', ofServer('57P01')],
    ['a server that starts', ofServer('57P03')],
    ['too many connections', ofServer('53300')],
    ['a full disk', ofServer('53100')],
    ['a lock that was not to be had', ofServer('55P03')],
    ['a server that only reads', ofServer('25006')],
    ['a deadlock that outlives its retries', ofServer('40P01')],
    ['an unknown completion', ofServer('40003')],
  ])('%s is unavailable', (_, error) => {
    expect(storageError(error)).toBeInstanceOf(Unavailable)
    if ('severity' in error)
      expect(storageError(new QueryFailedError('select', [], error))).toBeInstanceOf(Unavailable)
  })

  it.each<[string, Error]>([
    ['a missing table', ofServer('42P01')],
    ['a missing column', ofServer('42703')],
    ['a missing function', ofServer('42883')],
    ['a missing right', ofServer('42501')],
    ['a wrong password', ofServer('28P01')],
    ['a missing database', ofServer('3D000')],
    ['text that the encoding cannot hold', ofServer('22P05')],
    ['a pooler that refuses settings', ofServer('08P01', 'unsupported startup parameter: jit')],
    ['a changed result', ofServer('0A000')],
    ['a certificate of another host', ofSystem('ERR_TLS_CERT_ALTNAME_INVALID')],
    ['damaged data', ofServer('XX001')],
  ])('%s is for the operator', (_, error) => {
    expect(storageError(error)).toBeInstanceOf(Misconfigured)
  })

  it.each<[string, Error]>([
    ['a division by zero', ofServer('22012')],
    ['a violated constraint', ofServer('23505')],
    ['what is no SQL', ofServer('42601')],
    ['a type that does not fit', ofServer('42804')],
    [
      'a message of ours that PostgreSQL cannot read',
      Object.assign(ofServer('08P01', 'invalid startup parameter'), { routine: 'ProcessStartupPacket' }),
    ],
    ['what a trigger raises', ofServer('P0001')],
    ['an internal error', ofServer('XX000')],
    ['a code that nobody knows', ofServer('ZZ999')],
    ['an error of our own code', new TypeError('x is not a function')],
  ])('%s is a fault of ours', (_, error) => {
    expect(storageError(error)).toBeInstanceOf(StorageFault)
  })
})

describe('a conflict', () => {
  const failing = (code: string, times: number) => {
    let tries = 0
    const work = () => {
      tries += 1
      return tries > times ? Promise.resolve('done') : Promise.reject(storageError(ofServer(code)))
    }
    return { work, tries: () => tries }
  }

  it.each(['40001', '40P01'])('%s is repeated by us', async (code) => {
    const { work, tries } = failing(code, 3)
    expect(await repeatOnConflict(work)).toBe('done')
    expect(tries()).toBe(4)
  })

  it('is repeated three times at most', async () => {
    const { work, tries } = failing('40001', 4)
    await expect(repeatOnConflict(work)).rejects.toBeInstanceOf(Unavailable)
    expect(tries()).toBe(4)
  })

  // Of 40003 and of a connection that fails nobody knows whether the transaction was completed: it might be done twice.
  it.each(['40003', '08006', '57014', '55P03', '22012', '42P01'])(
    'is nothing else: %s is not repeated',
    async (code) => {
      const { work, tries } = failing(code, 1)
      await expect(repeatOnConflict(work)).rejects.toThrow()
      expect(tries()).toBe(1)
    },
  )
})
