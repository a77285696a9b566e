import v8 from 'node:v8'
import { describe, expect, it } from 'vitest'
import { hintListeners } from '../../../src/application/hint-listeners.ts'
import type { Hint } from '../../../src/application/ports.ts'
import { newUser } from '../../support/new-user.ts'

/** Listeners to pia, to wim and to everybody, and what they have heard since that was asked the last time. */
function listening() {
  const [pia, wim] = [newUser('pia'), newUser('wim')]
  const { subscribe, subscribeToAll, deliver } = hintListeners()
  let heard: unknown[] = []
  const listen = (user: typeof pia, name: string) => subscribe(user, () => heard.push(name))
  const stopAll = subscribeToAll((hint) => heard.push(hint))
  const stops = [listen(pia, 'pia'), listen(wim, 'wim')]
  const delivered = (hint: Hint) => {
    heard = []
    deliver(hint)
    return heard
  }
  return { pia, wim, listen, delivered, stopAll, stopPia: stops[0]! }
}

describe('a hint', () => {
  it('about users is heard by their listeners and by those to everybody, and by nobody else', () => {
    const { pia, delivered } = listening()
    expect(delivered({ users: [pia] })).toEqual(['pia', { users: [pia] }])
    expect(delivered({ users: [newUser()] })).toHaveLength(1)
  })

  it('about sessions alone, or about settings, is heard by no listener to one user', () => {
    const { pia, delivered } = listening()
    const ofSessions = { users: [pia], sessionsOnly: true }
    expect(delivered(ofSessions)).toEqual([ofSessions])
    expect(delivered('SETTINGS')).toEqual(['SETTINGS'])
    expect(delivered({ users: [pia], sessionsOnly: false })).toHaveLength(2)
  })

  it('that anything may have changed is heard by every listener once', () => {
    const { pia, listen, delivered } = listening()
    listen(pia, 'pia again')
    expect(delivered('ANYTHING')).toEqual(['pia', 'pia again', 'wim', 'ANYTHING'])
  })
})

describe('a listener that has stopped', () => {
  it('hears nothing, and those beside it still hear', () => {
    const { pia, listen, delivered, stopPia, stopAll } = listening()
    listen(pia, 'pia again')
    stopPia()
    stopAll()
    expect(delivered({ users: [pia] })).toEqual(['pia again'])
  })

  it('silences nobody who came later when it stops once more', () => {
    const { pia, listen, delivered, stopPia, stopAll } = listening()
    stopAll()
    stopPia()
    listen(pia, 'later')
    stopPia()
    expect(delivered({ users: [pia] })).toEqual(['later'])
  })

  it('leaves nothing behind of its user', () => {
    const { subscribe, deliver } = hintListeners()
    const setsBefore = v8.queryObjects(Set, { format: 'count' })
    for (let times = 0; times < 1000; times += 1) subscribe(newUser(), () => undefined)()
    expect(v8.queryObjects(Set, { format: 'count' }) - setsBefore).toBeLessThan(500)
    deliver('ANYTHING')
  })
})
