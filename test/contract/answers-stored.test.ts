import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { StoredAnswer } from '../../src/application/privacy-store.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { look, writes } from '../support/writes.ts'

onEachStorage((storage) => {
  describe('an answer under a client key', () => {
    const answer: StoredAnswer = {
      fingerprint: 'print',
      result: {
        outcomes: [
          { id: randomUUID(), outcome: 'APPLIED', verdict: 'ALLOWED' },
          { id: 'unknown', outcome: 'NOT_FOUND' },
        ],
        contacts: [{ user: newUser('zoë "quoted"'), outcome: 'ADDED' }],
        alwaysAcceptRefused: null,
      },
    }

    it('is found again by its presentity and key, as it was given', async () => {
      const [pia, eve] = [newUser('pia'), newUser('eve')]
      await storage().privacy.change(
        { name: 'test', kind: 'REQUEST' as const, by: pia, others: [], clientKey: 'key' },
        () => ({
          writes: writes({ answer: { clientKey: 'key', ...answer } }),
          result: null,
        }),
      )
      const found = (by: typeof pia, clientKey: string) =>
        storage().privacy.change(
          { name: 'test', kind: 'REQUEST' as const, by, others: [], clientKey },
          look(({ storedAnswer }) => storedAnswer),
        )

      expect(await found(pia, 'key')).toEqual(answer)
      expect(await found(pia, 'another')).toBeNull()
      expect(await found(eve, 'key')).toBeNull()
    })

    it('is kept for a week, and forgotten with the next answer after that', async () => {
      const pia = newUser('pia')
      const give = (clientKey: string) =>
        storage().privacy.change(
          { name: 'test', kind: 'REQUEST' as const, by: pia, others: [], clientKey },
          () => ({
            writes: writes({ answer: { clientKey, ...answer } }),
            result: null,
          }),
        )
      const found = (clientKey: string) =>
        storage().privacy.change(
          { name: 'test', kind: 'REQUEST' as const, by: pia, others: [], clientKey },
          look(({ storedAnswer }) => storedAnswer !== null),
        )

      await give('old')
      await storage().passTime(7 * 24 * 3_600_000 - 60_000)
      await give('newer')
      expect(await found('old')).toBe(true)
      await storage().passTime(120_000)
      await give('newest')
      expect([await found('old'), await found('newer'), await found('newest')]).toEqual([false, true, true])
    })
  })
})
