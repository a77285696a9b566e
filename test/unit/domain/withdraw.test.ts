import { expect, it } from 'vitest'
import { NO_PAIR, type Pair } from '../../../src/domain/pair.ts'
import { withdraw } from '../../../src/domain/withdraw.ts'
import { NO_EDGE } from '../../../src/domain/edge.ts'
import { NO_VIEW } from '../../../src/domain/watchers-view.ts'

const NOW = 1000

it('a request that was allowed stays allowed when the watcher withdraws', () => {
  const pair: Pair = {
    ...NO_PAIR,
    edge: { ...NO_EDGE, state: 'ALLOWED', origin: 'ANSWERED', since: 500 },
    view: { ...NO_VIEW, access: 'ALLOWED' },
    outgoing: { id: 'asked', state: 'ALLOWED', triggers: ['DIRECT'], askedAt: 100, endsAt: 5000 },
  }
  expect(withdraw(pair, NOW)).toEqual(pair)
})

it('there is no request to withdraw where the watcher never asked', () => {
  expect(withdraw(NO_PAIR, NOW)).toEqual(NO_PAIR)
})
