import { describe, expect, it } from 'vitest'
import { afterAll, play, type Act } from '../../support/pair-histories.ts'

describe('a request that AUTO_ACCEPT meets', () => {
  const prompted: Act = {
    act: 'ask',
    trigger: 'CALL',
    handling: 'PROMPT',
    pendingShown: false,
    lifetimeMs: 100,
    cooldownMs: 0,
  }
  const auto: Act = { ...prompted, handling: 'AUTO_ACCEPT' }

  it('is told nothing but PENDING while the first waits, and touches nothing that waits', () => {
    const [, again] = play([prompted, auto])
    expect(again?.answer).toEqual({ access: 'PENDING', request: again?.before.pair.outgoing })
    expect(again?.after.pair).toEqual(again?.before.pair)
  })

  it('is told PENDING although it lets him in, where the first had been dismissed; his view moves afterwards', () => {
    const [, , again] = play([prompted, { act: 'removeEdge' }, auto])
    expect(again?.answer).toEqual({ access: 'PENDING', request: again?.before.pair.outgoing })
    expect(again?.after.pair.edge).toMatchObject({ state: 'ALLOWED', origin: 'AUTO_ACCEPTED', endsAt: null })
    expect(again?.after.pair.view).toMatchObject({ access: 'ALLOWED', endsAt: null })
    expect(again?.after.pair.outgoing?.state).toBe('ALLOWED')
  })

  it('is told ALLOWED when he is blocked, as everybody is, and changes nothing about the block', () => {
    const [, asked] = play([{ act: 'decide', verdict: 'BLOCKED', grantMs: null }, auto])
    expect(asked?.answer).toEqual({ access: 'ALLOWED', request: null })
    expect(asked?.after.pair.edge).toBe(asked?.before.pair.edge)
    expect(asked?.after.pair.incoming?.state).toBe('ABSORBED')
  })

  it('leaves a notice that has no end', () => {
    expect(afterAll([auto, { act: 'wait', ms: 1e9 }]).pair.incoming).toMatchObject({
      kind: 'NOTICE',
      state: 'OPEN',
      endsAt: null,
    })
  })

  it('leaves a notice of what let him in, to which a block lets nothing be added', () => {
    const block: Act = { act: 'decide', verdict: 'BLOCKED', grantMs: null }
    expect(afterAll([auto, block, { ...auto, trigger: 'DIRECT' }]).pair.incoming).toEqual(
      afterAll([auto]).pair.incoming,
    )
  })

  it('lets him in again after she deleted the edge, but not after a block', () => {
    expect(afterAll([auto, { act: 'removeEdge' }, auto]).pair.edge.state).toBe('ALLOWED')
    expect(afterAll([auto, { act: 'decide', verdict: 'BLOCKED', grantMs: null }, auto]).pair.edge.state).toBe(
      'BLOCKED',
    )
  })
})
