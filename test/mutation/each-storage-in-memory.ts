import { afterAll, beforeAll, describe } from 'vitest'
import type { Instances } from '../support/each-storage.ts'
import { memoryStorage } from '../support/memory-storage.ts'
import type { Storage } from '../support/storage.ts'

/** Stands in for `each-storage.ts` where use cases are mutated: what they decide is the same on each storage, and told much sooner here. */
export function onEachStorage(claims: (storage: () => Storage) => void): void {
  describe('in memory', () => {
    let storage = memoryStorage()
    beforeAll(() => {
      storage = memoryStorage()
    })
    afterAll(() => storage.close())
    claims(() => storage)
  })
}

/** One storage in memory is both instances. */
export function onInstancesOfEachStorage(claims: (instances: Instances) => void): void {
  onEachStorage((storage) => {
    claims({ here: storage, elsewhere: storage })
  })
}
