import { afterAll, beforeAll, describe } from 'vitest'
import { createTestDatabase } from './database.ts'
import { memoryStorage } from './memory-storage.ts'
import { postgresStorage } from './postgres-storage.ts'
import type { Storage } from './storage.ts'

/** Where changes are made, and where they are heard of and read: on PostgreSQL, two instances that share nothing but the database. */
export type Instances = { readonly here: () => Storage; readonly elsewhere: () => Storage }

/** Makes every claim of both storages. The claims share one storage each, so each claim needs users of its own. */
export function onEachStorage(claims: (storage: () => Storage) => void): void {
  const open = {
    'in memory': () => Promise.resolve<Storage>(memoryStorage()),
    'on PostgreSQL': async () => postgresStorage(await createTestDatabase()),
  }
  describe.each(Object.entries(open))('%s', (_, openStorage) => {
    let storage: Storage | undefined
    beforeAll(async () => {
      storage = await openStorage()
    })
    afterAll(() => storage?.close())
    claims(() => {
      if (storage === undefined) throw new Error('the storage is not open yet')
      return storage
    })
  })
}

/** The same where claims are about what one instance hears of another. */
export function onInstancesOfEachStorage(claims: (instances: Instances) => void): void {
  const open: Record<string, () => Promise<{ here: Storage; elsewhere: Storage }>> = {
    'in memory': () => {
      const storage = memoryStorage()
      return Promise.resolve({ here: storage, elsewhere: storage })
    },
    'on PostgreSQL': async () => {
      const database = await createTestDatabase()
      return { here: await postgresStorage(database), elsewhere: await postgresStorage(database) }
    },
  }
  describe.each(Object.entries(open))('%s', (_, openInstances) => {
    let instances: { here: Storage; elsewhere: Storage } | undefined
    beforeAll(async () => {
      instances = await openInstances()
    })
    afterAll(async () => {
      await instances?.here.close()
      await instances?.elsewhere.close()
    })
    const opened = () => {
      if (instances === undefined) throw new Error('the instances are not open yet')
      return instances
    }
    claims({ here: () => opened().here, elsewhere: () => opened().elsewhere })
  })
}
