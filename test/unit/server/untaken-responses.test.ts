import { expect, test } from 'vitest'
import type { CountingSocket, IdentifiedConnection } from '../../../src/server/identified-connection.ts'
import { isUntaken } from '../../../src/server/untaken-responses.ts'
import { newUser } from '../../support/new-user.ts'

const connectionOf = (): IdentifiedConnection => ({
  ...{ user: newUser(), busy: true, readBefore: 0, waits: null, lasting: null },
})

test('a piece has 30 s from when it is first seen to wait, and the next one as long', () => {
  const socket = { writableLength: 10, bytesWritten: 10 }
  const connection = connectionOf()
  const isLate = (now: number): boolean => isUntaken(socket as CountingSocket, connection, now)
  expect([isLate(0), isLate(30_000), isLate(30_001)]).toEqual([false, false, true])
  socket.bytesWritten += 5
  expect([isLate(30_002), isLate(60_002), isLate(60_003)]).toEqual([false, false, true])
})

test('while nothing waits, the bytes that were sent are not counted', () => {
  const socket = {
    writableLength: 0,
    get bytesWritten(): number {
      throw new Error('counted')
    },
  }
  const connection = { ...connectionOf(), waits: { since: 0, taken: 0 } }
  expect(isUntaken(socket as CountingSocket, connection, 60_000)).toBe(false)
  expect(connection.waits).toBeNull()
})
