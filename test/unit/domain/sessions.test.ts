import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { serviceOfSession, serviceSessionId } from '../../../src/domain/session-id.ts'
import { publishSession, type Sessions } from '../../../src/domain/sessions.ts'
import { parseUserId, type UserId } from '../../../src/domain/user-id.ts'

const OF_CLIENT = /^[A-Za-z0-9._:-]{1,64}$/

function userId(id: string): UserId {
  return parseUserId(id)!
}

function kept(id: string, service = 'ocs'): string {
  return serviceSessionId({ service: userId(service), id })
}

describe('a session that a service keeps', () => {
  const anyService = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    .map(parseUserId)
    .filter((id) => id !== undefined)

  it('is never one that a device could name', () => {
    fc.assert(
      fc.property(anyService, fc.stringMatching(OF_CLIENT), (service, id) => {
        expect(serviceSessionId({ service, id })).not.toMatch(OF_CLIENT)
        expect(serviceOfSession(id)).toBeNull()
      }),
    )
  })

  it('is never that of another service, whatever the services are called', () => {
    fc.assert(
      fc.property(anyService, fc.stringMatching(OF_CLIENT), (service, id) => {
        expect(serviceOfSession(serviceSessionId({ service, id }))).toBe(service)
      }),
    )
    expect(serviceOfSession(kept('desk', 'https://ocs.example/pool/7'))).toBe('https://ocs.example/pool/7')
  })
})

describe('sessions at their limit', () => {
  const NOW = 1_000_000
  const LEASE_MS = 60_000
  const publish = (before: Sessions, ids: readonly string[], now = NOW) => {
    const begun: boolean[] = []
    let sessions = before
    for (const id of ids) {
      const session = { id, status: 'BUSY', activity: null, note: null } as const
      const after = publishSession(
        sessions,
        { session, inactiveForMs: 0, leaseMs: LEASE_MS, maxSessions: 2 },
        { now, appearOfflineAllowed: true },
      )
      begun.push(after !== null)
      sessions = after ?? sessions
    }
    return { begun, sessions }
  }

  it('are renewed, and no other begins', () => {
    const { sessions } = publish([], ['desk', 'phone'])
    expect(publish(sessions, ['car', 'phone', 'desk']).begun).toEqual([false, true, true])
  })

  it('of services take no room from devices, nor devices from services', () => {
    const { sessions } = publish([], ['desk', 'phone', kept('a')])
    expect(publish(sessions, [kept('b'), kept('c'), 'car']).begun).toEqual([true, false, false])
  })

  it('of all services together are as many as of devices', () => {
    expect(publish([], [kept('a', 'ocs'), kept('a', 'other'), kept('b', 'third')]).begun).toEqual([
      true,
      true,
      false,
    ])
  })

  it('give way from the millisecond of their end on', () => {
    const { sessions } = publish([], ['desk', 'phone'])
    expect(publish(sessions, ['car'], NOW + LEASE_MS - 1).begun).toEqual([false])
    const after = publish(sessions, ['car'], NOW + LEASE_MS)
    expect(after.begun).toEqual([true])
    expect(after.sessions.map(({ id }) => id)).toEqual(['car'])
  })
})
