import { expect, it } from 'vitest'
import { assignClass } from '../../src/application/administer-users.ts'
import { decideAccess } from '../../src/application/manage-decisions.ts'
import { publishPresence } from '../../src/application/publish-presence.ts'
import { requestAccess } from '../../src/application/request-access.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import { ROOT } from '../support/administrators.ts'
import { onInstancesOfEachStorage } from '../support/each-storage.ts'
import { eventually } from '../support/eventually.ts'
import { newUser } from '../support/new-user.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'
import { writes } from '../support/writes.ts'

onInstancesOfEachStorage(({ here, elsewhere }) => {
  const signal = (by: UserId, users: readonly UserId[]) =>
    here().privacy.change({ name: 'test', kind: 'REQUEST' as const, by, others: [] }, () => ({
      writes: writes({ signal: users }),
      result: null,
    }))

  it('of a change are heard by another instance once it is there to be read', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const seen: Promise<number>[] = []
    const stop = elsewhere().signals.subscribe(pia, () => {
      const page = { first: 10, after: null }
      seen.push(
        elsewhere()
          .lists.waiting({ presentity: pia, kind: 'REQUEST', page })
          .then(({ items }) => items.length),
      )
    })
    await requestAccess(here().privacy, {
      watcher: wim,
      presentities: [pia],
      trigger: 'CALL',
      addToContacts: false,
    })

    await eventually('a signal is heard', () => seen.length > 0)
    expect(await seen[0]).toBe(1)
    stop()
  })

  it('are heard by every listener of the presentity who decides, and not by the watcher', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const later = newUser('later')
    const heard = new Set<string>()
    const stops = [
      elsewhere().signals.subscribe(pia, () => heard.add('pia')),
      elsewhere().signals.subscribe(pia, () => heard.add('pia again')),
      elsewhere().signals.subscribe(wim, () => heard.add('wim')),
      elsewhere().signals.subscribe(later, () => heard.add('later')),
    ]
    await decideAccess(here().privacy, {
      presentity: pia,
      watchers: [wim],
      verdict: 'BLOCKED',
      endsAt: null,
    })

    await signal(wim, [later])
    await eventually('what came last is heard', () => heard.has('later'))
    expect([...heard]).toEqual(['pia', 'pia again', 'later'])
    for (const stop of stops) stop()
  })

  it('of a request are heard by both: by the presentity, and by the watcher, whose list may show others differently', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const heard = new Set<UserId>()
    const stop = elsewhere().signals.subscribeToAll((hint) => {
      if (typeof hint !== 'string') hint.users.forEach((user) => heard.add(user))
    })
    await requestAccess(here().privacy, {
      watcher: wim,
      presentities: [pia],
      trigger: 'CALL',
      addToContacts: false,
    })
    await eventually('both are heard of', () => heard.has(pia) && heard.has(wim))
    stop()
  })

  it('of sessions alone wake no popup', async () => {
    const pia = newUser('pia')
    const heard: unknown[] = []
    const stops = [
      elsewhere().signals.subscribe(pia, () => heard.push('popup')),
      elsewhere().signals.subscribeToAll((hint) => heard.push(hint)),
    ]
    const said = { status: 'BUSY' as const, activity: null, note: null, leaseMs: 60_000 }
    await publishPresence(here(), { user: pia, session: null, ...said })
    await eventually('the session is heard of', () => heard.length > 0)
    expect(heard).toEqual([{ users: [pia], sessionsOnly: true }])
    for (const stop of stops) stop()
  })

  it('of a class of service and of the site say that settings have changed, and reach no user alone', async () => {
    const hints: unknown[] = []
    const stop = elsewhere().signals.subscribeToAll((hint) => hints.push(hint))
    await here().setClass({ ...DEFAULT_CLASS, pendingShown: false })
    await eventually('the class is heard of', () => hints.length === 1)
    await here().administration.setSite({ actor: ROOT, presenceServer: 'OCS_2007' })
    await eventually('the site is heard of', () => hints.length === 2)
    expect(hints).toEqual(['SETTINGS', 'SETTINGS'])
    stop()
  })

  it('of an assignment name everybody assigned', async () => {
    const users = Array.from({ length: 3 }, () => newUser())
    const heard = new Set<UserId>()
    const stop = elsewhere().signals.subscribeToAll((hint) => {
      if (typeof hint !== 'string') hint.users.forEach((user) => heard.add(user))
    })
    await assignClass(here().administration, { actor: ROOT, users, className: 'default' })
    await eventually('all are heard of', () => users.every((user) => heard.has(user)))
    stop()
  })

  it('reach the listeners of the users that are named, however many, and nobody else', async () => {
    const by = newUser()
    // Long ids, so that one payload cannot hold them all.
    const users = Array.from({ length: 100 }, () => newUser(`${'ü'.repeat(80)}"\\`))
    const heard = new Set<UserId>()
    const stranger = newUser('stranger')
    const stops = [stranger, ...users].map((user) =>
      elsewhere().signals.subscribe(user, () => heard.add(user)),
    )
    await signal(by, users)

    await eventually('everybody has heard', () => users.every((user) => heard.has(user)))
    expect(heard.has(stranger)).toBe(false)
    for (const stop of stops) stop()
  })

  it('of a change that was rolled back are heard by nobody', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const heard: string[] = []
    const stops = [
      elsewhere().signals.subscribe(pia, () => heard.push('rolled back')),
      elsewhere().signals.subscribe(wim, () => heard.push('made')),
    ]
    const undone = here().privacy.change(
      { name: 'test', kind: 'REQUEST' as const, by: pia, others: [] },
      () => ({
        writes: writes({
          signal: [pia],
          answer: { clientKey: 'key', fingerprint: 'print', result: unwritable() },
        }),
        result: null,
      }),
    )
    await expect(undone).rejects.toThrow()
    // Signals keep their order, so whoever has heard the second would have heard the first.
    await signal(wim, [wim])

    await eventually('the change that was made is heard', () => heard.includes('made'))
    expect(heard).toEqual(['made'])
    for (const stop of stops) stop()
  })

  it('are not heard by a listener that has stopped, and still by the one beside it', async () => {
    const pia = newUser('pia')
    const heard: string[] = []
    const stop = elsewhere().signals.subscribe(pia, () => heard.push('stopped'))
    const stopOther = elsewhere().signals.subscribe(pia, () => heard.push('goes on'))
    stop()
    stop()
    await signal(pia, [pia])

    await eventually('the other listener has heard', () => heard.includes('goes on'))
    expect(heard).toEqual(['goes on'])
    stopOther()
  })

  it('a listener may stop itself, or start another, while it hears', async () => {
    const pia = newUser('pia')
    const heard: string[] = []
    const stop = elsewhere().signals.subscribe(pia, () => {
      heard.push('first')
      stop()
      stops.push(elsewhere().signals.subscribe(pia, () => heard.push('second')))
    })
    const stops = [stop]
    await signal(pia, [pia])
    await eventually('the first listener has heard', () => heard.length > 0)
    await signal(pia, [pia])

    await eventually('the second listener has heard', () => heard.includes('second'))
    expect(heard.filter((who) => who === 'first')).toEqual(['first'])
    for (const each of stops) each()
  })
})

function unwritable(): never {
  return {
    toJSON() {
      throw new Error('this cannot be written')
    },
  } as never
}
