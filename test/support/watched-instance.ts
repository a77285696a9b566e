import { expect } from 'vitest'
import type { TestApp } from './start-app.ts'
import type { PresenceWatch } from './watch-over-api.ts'

/** Several users may be told of in one event or in one each. */
export async function expectAll(
  streams: readonly PresenceWatch[],
  change: 'SNAPSHOT' | 'CHANGED',
  shown: Readonly<Record<string, string>>,
): Promise<void> {
  for (const stream of streams) {
    const told: Record<string, string> = {}
    while (Object.keys(told).length < Object.keys(shown).length) {
      const update = await stream.next()
      expect(update.change).toBe(change)
      for (const { user, presence } of update.presences) told[user.id] = presence.status
    }
    expect(told).toEqual(shown)
  }
}

/** What the instance says of itself. */
export async function health({ at }: TestApp): Promise<unknown> {
  const response = await fetch(at('/health/ready'))
  return { status: response.status, ...((await response.json()) as { database?: string; signals?: string }) }
}

export async function isReady(app: TestApp): Promise<boolean> {
  return ((await health(app)) as { readonly status: string }).status === 'ready'
}
