import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countRequests, NO_REQUESTS, type RequestCounts } from '../../../src/domain/request-limits.ts'
import { RulesDocument } from '../../support/rules-document.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const NOW = 1_000_000_000

describe('the limits of a watcher', () => {
  it('count as the document says', () => {
    for (const row of new RulesDocument().table('Limits')) {
      const number = (head: string) => Number(row[head] ?? 'missing')
      // Both began a while ago, the day before the minute.
      const before = {
        minute: { since: NOW - 10_000, count: number('asked this minute') },
        day: { since: NOW - 3_600_000, count: number('asked today') },
      }
      const limits = { perMinute: number('per minute'), perDay: number('per day') }
      const asked = number('names now')

      const counted = countRequests(before, { asked, limits, now: NOW })

      const retries = new Map<number | null, string>([
        [null, counted.admitted === asked ? 'now' : 'not in this class'],
        [before.minute.since + MINUTE_MS, 'after the minute'],
        [before.day.since + DAY_MS, 'after the day'],
      ])
      expect(
        [counted.admitted, asked - counted.admitted, retries.get(counted.retryAt)],
        JSON.stringify(row),
      ).toEqual([number('ASKED'), number('LIMITED'), row['may ask again']])
      expect(counted.counts.minute.count - before.minute.count).toBe(counted.admitted)
      expect(counted.counts.day.count - before.day.count).toBe(counted.admitted)
    }
  })

  it('begin with the first request, and are whole again a minute or a day later to the millisecond', () => {
    const limits = { perMinute: 2, perDay: 3 }
    const first = countRequests(NO_REQUESTS, { asked: 5, limits, now: NOW })
    expect(first).toMatchObject({ admitted: 2, retryAt: NOW + MINUTE_MS })
    const early = countRequests(first.counts, { asked: 1, limits, now: NOW + MINUTE_MS - 1 })
    expect(early).toEqual({ admitted: 0, counts: first.counts, retryAt: NOW + MINUTE_MS })
    const second = countRequests(first.counts, { asked: 5, limits, now: NOW + MINUTE_MS })
    expect(second).toMatchObject({ admitted: 1, retryAt: NOW + DAY_MS })
    const nextDay = countRequests(second.counts, { asked: 5, limits, now: NOW + DAY_MS })
    expect(nextDay).toMatchObject({ admitted: 2, retryAt: NOW + DAY_MS + MINUTE_MS })
  })

  it('hold whatever the watcher tries: in no minute and no day that begins with a request are more asked', () => {
    const anyTries = fc.array(fc.record({ asked: fc.nat({ max: 8 }), afterMs: fc.nat({ max: 40_000 }) }), {
      maxLength: 60,
    })
    const anyLimits = fc.record({ perMinute: fc.nat({ max: 6 }), perDay: fc.nat({ max: 20 }) })
    fc.assert(
      fc.property(anyTries, anyLimits, (tries, limits) => {
        let counts: RequestCounts = NO_REQUESTS
        let now = NOW
        const admissions: { at: number; minute: number; day: number; count: number }[] = []
        for (const { asked, afterMs } of tries) {
          now += afterMs
          const counted = countRequests(counts, { asked, limits, now })
          expect(counted.admitted).toBeLessThanOrEqual(asked)
          if (counted.admitted < asked && counted.retryAt !== null) {
            const again = countRequests(counted.counts, { asked: 1, limits, now: counted.retryAt })
            expect(again.admitted, 'whoever comes back when he is told to may ask').toBe(1)
            const early = countRequests(counted.counts, { asked: 1, limits, now: counted.retryAt - 1 })
            expect(early.admitted, 'and not a millisecond before').toBe(0)
          }
          counts = counted.counts
          if (counted.admitted === 0) continue
          const { minute, day } = counts
          admissions.push({ at: now, minute: minute.since, day: day.since, count: counted.admitted })
        }
        for (const [window, limit] of [
          ['minute', limits.perMinute],
          ['day', limits.perDay],
        ] as const) {
          for (const since of new Set(admissions.map((admission) => admission[window]))) {
            const within = admissions.filter((admission) => admission[window] === since)
            expect(within[0]?.at, 'a window begins with a request').toBe(since)
            expect(within.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(limit)
          }
        }
      }),
    )
  })

  it('are untouched by whoever asks nobody, or in vain', () => {
    const limits = { perMinute: 1, perDay: 1 }
    expect(countRequests(NO_REQUESTS, { asked: 0, limits, now: NOW }).counts).toBe(NO_REQUESTS)
    const { counts } = countRequests(NO_REQUESTS, { asked: 1, limits, now: NOW })
    expect(countRequests(counts, { asked: 9, limits, now: NOW + 1 }).counts).toBe(counts)
  })
})

it('a watcher who never asked, and may not ask, has asked nobody', () => {
  const { counts } = countRequests(NO_REQUESTS, { asked: 1, limits: { perMinute: 0, perDay: 0 }, now: NOW })
  expect(counts).toEqual({ minute: { since: 0, count: 0 }, day: { since: 0, count: 0 } })
})
