import { expect, it } from 'vitest'
import { postgresSightReader } from '../../../src/postgres/sight-reader.ts'

/** As PostgreSQL writes them: what is of the watcher alone comes first in each row, the presentity's id next. */
const WATCHERS = ['\\x0002f3c0b9a4a000', 'PROMPT', 'OCS_2007', ...Array<null>(17).fill(null)]
const presentitys = (id: string) => [null, null, null, id, 'NONE_KNOWN', 'f', ...Array<null>(14).fill(null)]

it.each([
  ['first', [WATCHERS, presentitys('bob'), presentitys('ada')]],
  ['last', [presentitys('bob'), presentitys('ada'), WATCHERS]],
])('the watcher’s row may come %s', async (_, rows) => {
  const { readSight } = postgresSightReader(() => Promise.resolve(rows))
  const read = await readSight({ watcher: 'wim' as never, presentities: [] })
  expect(read.watcherClass).toEqual({ invitationHandling: 'PROMPT' })
  expect([...read.presentities.keys()]).toEqual(['bob', 'ada'])
  expect(read.presentities.get('bob' as never)?.user.presenceServer).toBe('OCS_2007')
})

it('rows without the watcher’s are refused', async () => {
  const { readSight } = postgresSightReader(() => Promise.resolve([presentitys('bob')]))
  await expect(readSight({ watcher: 'wim' as never, presentities: [] })).rejects.toThrow('class of service')
})
