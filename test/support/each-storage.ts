import { afterAll, beforeAll, describe } from 'vitest'
import { createTestDatabase } from './database.ts'
import { memoryStorage } from './memory-storage.ts'
import { postgresStorage } from './postgres-storage.ts'
import type { Storage } from './storage.ts'

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
