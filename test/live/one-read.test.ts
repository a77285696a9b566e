import { expect, test } from 'vitest'
import { gate } from '../support/gate.ts'
import { newUser } from '../support/new-user.ts'
import { openHub, whatFollows } from '../support/open-hub.ts'
import { putOnContactList } from '../support/put-on-contact-list.ts'

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

test('a block and a status that are heard of together are read at the same time', async () => {
  const reads: string[] = []
  const held = gate()
  const { watch, decide, publish } = openHub((live) => ({
    async look(look) {
      reads.push(`revisions of ${String(look.presentities.length)}`)
      return held.passed(await live.look(look))
    },
    async factsOfPairs(pairs) {
      reads.push(`${String(pairs.length)} pairs`)
      return held.passed(await live.factsOfPairs(pairs))
    },
  }))
  const [pia, zoe, wim] = [newUser('pia'), newUser('zoe'), newUser('wim')]
  for (const presentity of [pia, zoe]) {
    await decide({ presentity, watcher: wim, verdict: 'ALLOWED' })
    await publish(presentity)
  }
  const { events } = watch(wim, [pia, zoe])
  await whatFollows()
  reads.length = 0
  held.close()
  await Promise.all([
    publish(zoe, { status: 'BUSY' }),
    decide({ presentity: pia, watcher: wim, verdict: 'BLOCKED' }),
  ])
  await whatFollows()
  expect(reads.sort()).toEqual(['1 pairs', 'revisions of 1'])
  held.open()
  await whatFollows()
  expect(reads).toHaveLength(2)
  expect(events.at(-1)).toMatchObject({ change: 'CHANGED', presences: [{ user: pia }, { user: zoe }] })
})

test('a signal about somebody whom nobody watches, and the status of one who only watches, have nothing read', async () => {
  const { watch, decide, publish, hub } = openHub()
  const [pia, zoe, wim] = [newUser('pia'), newUser('zoe'), newUser('wim')]
  watch(wim, [pia])
  await whatFollows()
  const { ticks } = hub.readings()
  await publish(zoe)
  await publish(wim)
  await decide({ presentity: zoe, watcher: newUser('somebody'), verdict: 'BLOCKED' })
  await whatFollows()
  expect(hub.readings()).toMatchObject({ ticks, doubtful: 0 })
})

test('a decision of a contact has their pair read, and not the list', async () => {
  const reads: string[] = []
  const { watch, decide, storage, hub } = openHub((live) => ({
    look: (look) => (reads.push('look'), live.look(look)),
    factsOfPairs: (pairs) => (reads.push(`${String(pairs.length)} pairs`), live.factsOfPairs(pairs)),
    contactFacts: (of) => (reads.push('contacts'), live.contactFacts(of)),
  }))
  const [pia, zoe, wim] = [newUser('pia'), newUser('zoe'), newUser('wim')]
  await putOnContactList(storage, { watcher: wim, presentities: [pia, zoe] })
  watch(wim, 'CONTACTS')
  await whatFollows()
  reads.length = 0
  const { renewed } = hub.readings()
  await decide({ presentity: pia, watcher: newUser('somebody'), verdict: 'BLOCKED' })
  await whatFollows()
  expect(reads).toEqual(['1 pairs'])
  expect(hub.readings().renewed).toBe(renewed + 1)
})

test('where a watcher and the user whom they watch both decide something, their pair is read once', async () => {
  const reads: string[] = []
  const { watch, decide } = openHub((live) => ({
    factsOfPairs: (pairs) => (reads.push(`${String(pairs.length)} pairs`), live.factsOfPairs(pairs)),
  }))
  const [pia, zoe, wim] = [newUser('pia'), newUser('zoe'), newUser('wim')]
  watch(wim, [pia])
  await whatFollows()
  reads.length = 0
  await Promise.all([
    decide({ presentity: pia, watcher: zoe, verdict: 'BLOCKED' }),
    decide({ presentity: wim, watcher: zoe, verdict: 'BLOCKED' }),
  ])
  await whatFollows()
  expect(reads).toEqual(['1 pairs'])
})

test('a watcher with many streams of the same users has each pair and the contact list read once', async () => {
  const reads: string[] = []
  const { watch, decide, publish, storage } = openHub((live) => ({
    factsOfPairs: (pairs) => (reads.push(`${String(pairs.length)} pairs`), live.factsOfPairs(pairs)),
    contactFacts: (of) => (reads.push('contacts'), live.contactFacts(of)),
  }))
  const [pia, pol, kim, wim] = [newUser('pia'), newUser('pol'), newUser('kim'), newUser('wim')]
  for (const presentity of [pia, pol]) {
    await decide({ presentity, watcher: wim, verdict: 'ALLOWED' })
    await publish(presentity)
  }
  await putOnContactList(storage, { watcher: wim, presentities: [pia, kim] })
  const streams = Array.from({ length: 4 }, () => [watch(wim, [pia, pol]), watch(wim, 'CONTACTS')]).flat()
  await whatFollows()

  reads.length = 0
  await decide({ presentity: wim, watcher: pia, verdict: 'BLOCKED' })
  await whatFollows()
  for (const { events } of streams)
    expect(events.at(-1)).toMatchObject({ presences: [{ user: pia, presence: { status: 'OFFLINE' } }] })
  expect(reads.sort()).toEqual(['2 pairs', 'contacts'])
})

test('what a decision made stale is read once: a status after it takes a look alone', async () => {
  const reads: string[] = []
  const { watch, decide, publish } = openHub((live) => ({
    look: (look) => (reads.push('look'), live.look(look)),
    factsOfPairs: (pairs) => (reads.push('facts'), live.factsOfPairs(pairs)),
  }))
  const [pia, zoe, wim] = [newUser('pia'), newUser('zoe'), newUser('wim')]
  for (const presentity of [pia, zoe]) await decide({ presentity, watcher: wim, verdict: 'ALLOWED' })
  const { events } = watch(wim, [pia, zoe])
  await whatFollows()
  const decisions = [
    { presentity: pia, watcher: wim, verdict: 'ALLOWED' },
    { presentity: pia, watcher: zoe, verdict: 'BLOCKED' },
    { presentity: wim, watcher: zoe, verdict: 'BLOCKED' },
    { presentity: wim, watcher: zoe, verdict: 'ALLOWED' },
  ] as const
  for (const [place, decision] of decisions.entries()) {
    await decide(decision)
    await whatFollows()
    reads.length = 0
    await publish(pia, { note: `after ${String(place)}` })
    await whatFollows()
    expect(events.at(-1)).toMatchObject({
      presences: [{ user: pia, presence: { note: `after ${String(place)}` } }],
    })
    expect(reads).toEqual(['look'])
  }
})
