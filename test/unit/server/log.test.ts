import { describe, expect, test } from 'vitest'
import { createLog } from '../../../src/server/log.ts'

/** What a log writes of an error. */
function logged(error: unknown, readable = false): string {
  let text = ''
  const log = createLog({ level: 'info', readable, out: { write: (line) => void (text += line) } })
  log.error({ err: error }, 'failed')
  return text
}

describe('the log writes of an error', () => {
  test('of the database its code and constraint, and none of the values that it quotes', () => {
    const driverError = Object.assign(new Error('Key (watcher_id)=(alice) already exists'), {
      code: '23505',
      severity: 'ERROR',
      constraint: 'pairs_pkey',
      detail: 'Key (watcher_id, presentity_id)=(alice, bob)',
    })
    const error = Object.assign(new Error(driverError.message, { cause: driverError }), {
      name: 'QueryFailedError',
      driverError,
      query: 'insert into pairs values ($1, $2)',
      parameters: ['alice', 'bob'],
    })
    for (const readable of [true, false]) {
      const text = logged(error, readable)
      expect(text).toContain('23505')
      expect(text).toContain('QueryFailedError')
      expect(text).not.toMatch(/alice|bob|insert/)
    }
    expect(logged(error)).toContain('pairs_pkey')
  })

  test('neither addresses nor tokens that got into its message', () => {
    const text = logged(
      new Error(
        'no answer from postgres://root:hunter2@db/x for Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln',
      ),
    )
    expect(text).toContain('no answer from [address] for Bearer [token]')
    expect(text).not.toMatch(/hunter2|eyJ/)
  })

  test('its causes, though not for ever', () => {
    const error = new Error('outer', { cause: new Error('inner') })
    expect(JSON.parse(logged(error))).toMatchObject({
      err: { message: 'outer', cause: { message: 'inner' } },
    })
    error.cause = error
    expect(logged(error).length).toBeLessThan(20_000)
  })

  test('only the kind of what is no error', () => {
    expect(JSON.parse(logged('secret'))).toMatchObject({ err: { type: 'string' } })
    expect(logged({ token: 'secret' })).not.toContain('secret')
  })
})

test('a person reads the time of day, what happened and what goes with it', () => {
  let text = ''
  const log = createLog({ level: 'info', readable: true, out: { write: (line) => void (text += line) } })
  log.warn({ port: 4001, route: '/graphql' }, 'something odd')
  expect(text).toMatch(/^\d\d:\d\d:\d\d WARN something odd {2}port=4001 {2}route=\/graphql\n$/)
})
