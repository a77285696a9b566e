import { expect, test } from 'vitest'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows } from '../support/open-hub.ts'

test('a block is told after one read, and a status as well', async () => {
  const reads: string[] = []
  const { watch, decide, publish } = openHub((live) => ({
    look: (look) => (reads.push('look'), live.look(look)),
    factsOfPairs: (pairs) => (reads.push('facts'), live.factsOfPairs(pairs)),
  }))
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  await decide({ presentity: pia, watcher: wim, verdict: 'ALLOWED' })
  await publish(pia)
  const { events } = watch(wim, [pia])
  await whatFollows()

  reads.length = 0
  await publish(pia, { status: 'BUSY' })
  await whatFollows()
  expect(events.at(-1)).toMatchObject({ presences: [{ presence: { status: 'BUSY' } }] })
  expect(reads).toEqual(['look'])

  reads.length = 0
  await decide({ presentity: pia, watcher: wim, verdict: 'BLOCKED' })
  await whatFollows()
  expect(events.at(-1)).toMatchObject({ presences: [{ presence: { status: 'OFFLINE' } }] })
  expect(reads).toEqual(['facts'])
})
