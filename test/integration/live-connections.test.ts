import { describe, expect, it, onTestFinished } from 'vitest'
import { postgresAdapters } from '../../src/postgres/adapters.ts'
import { openDatabase } from '../../src/postgres/database.ts'
import { createTestDatabase } from '../support/database.ts'
import { POLICY } from '../support/policy.ts'
import { newUser } from '../support/new-user.ts'
import { databaseOptions } from '../support/postgres-storage.ts'

const POOL_SIZE = 3

describe('the connections that verify streams', () => {
  it('are free while everything that users begin waits for the pool', async () => {
    const test = await createTestDatabase()
    const database = await openDatabase(databaseOptions(test.url, { poolSize: POOL_SIZE }))
    onTestFinished(async () => {
      await database.close()
      await test.drop()
    })
    const { live, beginnings } = postgresAdapters(database, POLICY.policy)
    const nobody = { presentities: [], watchers: new Map() }
    await live.look(nobody)

    const order: string[] = []
    const busy = Array.from({ length: POOL_SIZE * 2 }, () => database.query('select pg_sleep(0.5)', []))
    const began = beginnings
      .contactFacts({ watcher: newUser('alice') })
      .then(() => order.push('a stream has begun'))
    await live.look(nobody)
    await live.contactFacts({ watcher: newUser('alice') })
    order.push('streams are verified')
    await Promise.all([...busy, began])

    expect(order).toEqual(['streams are verified', 'a stream has begun'])
  })
})
