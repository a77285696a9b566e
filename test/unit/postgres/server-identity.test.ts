import { expect, it } from 'vitest'
import { Unavailable } from '../../../src/application/ports.ts'
import { ServerIdentity } from '../../../src/postgres/server-identity.ts'

const primary = (timeline: string, cluster = '7713') => ({ cluster, timeline })

it('takes the first primary, and what is promoted after it', () => {
  const identity = new ServerIdentity()
  expect(identity.admit(primary('00000001'))).toBe('00000001')
  expect(identity.admit(primary('0000000A'))).toBe('0000000A')
})

it('refuses a standby, an older timeline and another cluster', () => {
  const identity = new ServerIdentity()
  identity.admit(primary('00000002'))
  expect(() => identity.admit({ cluster: '7713', timeline: null })).toThrow(Unavailable)
  expect(() => identity.admit(primary('00000001'))).toThrow(Unavailable)
  expect(() => identity.admit(primary('00000003', '9999'))).toThrow(Unavailable)
})

it('ends connections to the server before, once a server on a higher timeline was seen', () => {
  const identity = new ServerIdentity()
  const ended: string[] = []
  for (const timeline of ['00000001', '00000002']) {
    identity.admit(primary(timeline))
    identity.keep({ timeline, end: () => ended.push(timeline) })
  }
  identity.admit(primary('00000002'))
  expect(ended).toEqual(['00000001'])
})

it('refuses what a pooler leads to, from when it was found wrong, or a higher timeline was seen elsewhere, until it leads elsewhere', () => {
  const identity = new ServerIdentity()
  const behind = () => {
    identity.requirePooledServer()
  }
  expect(behind).not.toThrow()
  identity.admitPooledServer([primary('00000001')])
  expect(behind).not.toThrow()
  identity.admit(primary('00000002'))
  expect(behind).toThrow(Unavailable)
  identity.admitPooledServer([primary('00000002')])
  expect(behind).not.toThrow()
  expect(() => {
    identity.admitPooledServer([primary('00000002', '9999')])
  }).toThrow(Unavailable)
  expect(behind).toThrow(Unavailable)
})
