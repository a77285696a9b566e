import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { admitSessions } from '../../../src/domain/admit-sessions.ts'
import { serviceOfSession, serviceSessionId } from '../../../src/domain/session-id.ts'
import { parseUserId, type UserId } from '../../../src/domain/user-id.ts'

const pia = userId('pia')
const wim = userId('wim')
const OF_CLIENT = /^[A-Za-z0-9._:-]{1,64}$/

function userId(id: string): UserId {
  return parseUserId(id)!
}

function kept(id: string, service = 'ocs'): string {
  return serviceSessionId({ service: userId(service), id })
}

function sessions(user: UserId, ids: readonly string[]) {
  return ids.map((id) => ({ user, id, maxSessions: 2 }))
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
  it('are renewed, and no other begins', () => {
    const live = sessions(pia, ['desk', 'phone'])
    expect(admitSessions(sessions(pia, ['car', 'phone', 'desk']), live)).toEqual([false, true, true])
  })

  it('of services take no room from devices, nor devices from services', () => {
    const live = sessions(pia, ['desk', 'phone', kept('a')])
    expect(admitSessions(sessions(pia, [kept('b'), kept('c'), 'car']), live)).toEqual([true, false, false])
  })

  it('of all services together are as many as of devices', () => {
    const wanted = sessions(pia, [kept('a', 'ocs'), kept('a', 'other'), kept('b', 'third')])
    expect(admitSessions(wanted, [])).toEqual([true, true, false])
  })

  it('are counted for each user alone, and within one batch one after the other', () => {
    const wanted = [...sessions(pia, ['a', 'b', 'c', 'a']), ...sessions(wim, ['a'])]
    expect(admitSessions(wanted, [])).toEqual([true, true, false, true, true])
  })
})
