import { describe, expect, it } from 'vitest'
import { NO_PAIR, NO_USER } from '../../../src/postgres/packed-visibility.ts'
import { postgresSightReader } from '../../../src/postgres/sight-reader.ts'

const NEVER = 'fffca2fec4c82000'
const CLASSES = `00000001P11${NEVER}` + `00000102U010002f3c0b9a4a000`

/** As PostgreSQL writes them: one row has no id, and is the watcher's. */
const WATCHERS = [null, '0002f3c0b9a4a000', 'OCS_2007', CLASSES, '1', null]
const presentitys = (id: string, user = NO_USER, pair = NO_PAIR) => [id, user, pair, null, null, null]

async function sightIn(rows: readonly (readonly (string | null)[])[]) {
  const { readSight } = postgresSightReader(() => Promise.resolve(rows))
  return readSight({ watcher: 'wim' as never, presentities: [] })
}

it.each([
  ['first', [WATCHERS, presentitys('bob'), presentitys('ada')]],
  ['last', [presentitys('bob'), presentitys('ada'), WATCHERS]],
])('the watcher’s row may come %s', async (_, rows) => {
  const read = await sightIn(rows)
  expect(read.watcherClass.invitationHandling).toBe('PROMPT')
  expect([...read.presentities.keys()]).toEqual(['bob', 'ada'])
  expect(read.presentities.get('bob' as never)?.user.presenceServer).toBe('OCS_2007')
})

it('each user has the settings of their own class', async () => {
  const read = await sightIn([WATCHERS, presentitys('bob', NO_USER.replace('00000001', '00000102'))])
  const bob = read.presentities.get('bob' as never)?.user
  expect(bob?.classOfService).toMatchObject({ pendingShown: false, appearOfflineAllowed: true })
  expect(bob?.appearOfflineForbiddenAt).toBeNull()
})

describe('rows are refused', () => {
  it.each([
    ['without the watcher’s', [presentitys('bob')], 'the row of the watcher'],
    ['with a class that is not there', [WATCHERS, presentitys('bob', NO_USER.replace('1', '9'))], 'class'],
    ['with a user of another length', [WATCHERS, presentitys('bob', `${NO_USER} `)], 'length'],
    ['with a pair of another length', [WATCHERS, presentitys('bob', NO_USER, NO_PAIR.slice(1))], 'length'],
    ['with classes of another length', [WATCHERS.with(3, CLASSES.slice(1)), presentitys('bob')], 'length'],
    ['with another state', [WATCHERS, presentitys('bob', NO_USER, `X${NO_PAIR.slice(1)}`)], 'not know'],
    ['without a pair', [WATCHERS, presentitys('bob', NO_USER).with(2, null)], 'missing'],
  ])('%s', async (_, rows, why) => {
    await expect(sightIn(rows)).rejects.toThrow(why)
  })
})
