import { describe, expect, it } from 'vitest'
import { takeMany, type Found } from './live-many.ts'
import { hubWith, TAMPERED_READS, tamperedReads, WRONG_LINES } from './live-planted.ts'
import type { Planted } from './live-schedule.ts'

/** As many as are taken of the real hub. Most show within a few hundred. */
const found = (planted: Planted): Promise<Found | null> => takeMany({ from: 1, count: 10_000, planted })

describe('the simulation finds out when', { timeout: 300_000 }, () => {
  it.each(Object.keys(TAMPERED_READS) as (keyof typeof TAMPERED_READS)[])('%s', async (name) => {
    expect(await found({ tamper: tamperedReads(name) })).not.toBeNull()
  })

  it.each(Object.entries(WRONG_LINES))('%s', async (_, line) => {
    const { openHub, remove } = await hubWith(line)
    try {
      expect(await found({ openHub })).not.toBeNull()
    } finally {
      await remove()
    }
  })
})
