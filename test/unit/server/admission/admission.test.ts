import { describe, expect, it } from 'vitest'
import { createAdmission, isRefusal, type Admission } from '../../../../src/server/admission/admission.ts'
import {
  MAX_WAIT_MS,
  MAX_WAITING_BYTES_OF_ONE,
  MAX_WAITING_OF_ONE,
  OWN_WAIT_SECONDS,
  type Allowance,
} from '../../../../src/server/admission/allowance.ts'
import type { Ticket, WaitEnd } from '../../../../src/server/admission/ticket.ts'
import { handClock } from './clock.ts'

const ALLOWANCE: Allowance = {
  perSecond: 1000,
  burst: 2000,
  peakPerSecond: 1e9,
  runningOfOne: 100,
  runningOfAll: 300,
}

function admissionWith(allowance: Partial<Allowance> = {}) {
  const clock = handClock()
  const admission = createAdmission({ ...ALLOWANCE, ...allowance }, clock.scheduler)
  return { admission, clock }
}

const none = (): number => 0

function place(admission: Admission, caller: string, weight: number, bytes = 0): Ticket {
  const answer = admission.ask(caller, { weight, bytes: () => bytes })
  if (isRefusal(answer)) throw new Error(`${caller} was refused with ${answer.code}`)
  return answer
}

function heard(ticket: Ticket): { end: WaitEnd | undefined } {
  const heard: { end: WaitEnd | undefined } = { end: undefined }
  void ticket.wait().then((end) => (heard.end = end))
  return heard
}

describe('admission', () => {
  it('begins at once what finds room', () => {
    const { admission, clock } = admissionWith()
    expect(place(admission, 'alice', 100).state).toBe('RUNNING')
    expect(clock.timers()).toBe(0)
  })

  it('lets a caller run no more at once than their allowance says, and begins the next when one ends', async () => {
    const { admission } = admissionWith()
    const first = place(admission, 'alice', 60)
    const second = place(admission, 'alice', 60)
    expect(second.state).toBe('WAITING')
    const wait = second.wait()
    first.leave()
    expect(second.state).toBe('RUNNING')
    expect(await wait).toBe('BEGIN')
  })

  it('runs an operation alone that is heavier than what may run at once', () => {
    const { admission } = admissionWith()
    const heavy = place(admission, 'alice', 1500)
    expect(heavy.state).toBe('RUNNING')
    expect(place(admission, 'alice', 1).state).toBe('WAITING')
    expect(place(admission, 'bob', 100).state).toBe('RUNNING')
    heavy.leave()
    expect(admission.readings()).toMatchObject({ waiting: 0, runningWeight: 101 })
  })

  it('begins no more a second than the allowance says, and no less', async () => {
    const { admission, clock } = admissionWith()
    let begun = 0
    const begin = (ticket: Ticket): void => {
      begun += ticket.weight
      ticket.leave()
    }
    for (let ms = 0; ms < 10_000; ms += 10) {
      const ticket = admission.ask('alice', { weight: 50, bytes: none })
      if (!isRefusal(ticket)) {
        if (ticket.state === 'RUNNING') begin(ticket)
        else void ticket.wait().then(() => begin(ticket))
      }
      clock.pass(10)
      await Promise.resolve()
    }
    expect(begun).toBeLessThanOrEqual(2000 + 10 * 1000)
    expect(begun).toBeGreaterThanOrEqual(2000 + 9.5 * 1000)
  })

  it('spreads what a caller begins, so that a burst leaves room in between', () => {
    const { admission, clock } = admissionWith({ burst: 100_000, peakPerSecond: 3000, runningOfOne: 1000 })
    const tickets = Array.from({ length: 100 }, () => place(admission, 'alice', 30))
    const leave = (): number => {
      const running = tickets.filter(({ state }) => state === 'RUNNING')
      for (const ticket of running) ticket.leave()
      return running.length
    }
    expect(leave()).toBeLessThan(10)
    let begun = 0
    for (let ms = 0; ms < 500; ms += 10) {
      clock.pass(10)
      begun += leave()
    }
    expect(begun * 30).toBeLessThanOrEqual(1500 + 200)
    expect(begun * 30).toBeGreaterThan(1200)
  })

  it('refuses at once what would wait too long for the caller’s own allowance, and says when to come back', () => {
    const { admission } = admissionWith({ runningOfOne: 10_000, runningOfAll: 20_000 })
    place(admission, 'alice', 2000)
    const waits = place(admission, 'alice', OWN_WAIT_SECONDS * 1000)
    expect(waits.state).toBe('WAITING')
    const refused = admission.ask('alice', { weight: 1500, bytes: none })
    expect(refused).toEqual({ code: 'TOO_MANY_REQUESTS', retryAfterSeconds: 2, restMs: 0 })
    expect(place(admission, 'bob', 200).state).toBe('RUNNING')
  })

  it('takes nothing for what it refuses', () => {
    const { admission, clock } = admissionWith()
    place(admission, 'alice', 5000).leave()
    for (let times = 0; times < 1000; times++)
      expect(isRefusal(admission.ask('alice', { weight: 1900, bytes: none }))).toBe(true)
    clock.pass(3100)
    expect(place(admission, 'alice', 100).state).toBe('RUNNING')
  })

  it('says of a caller who asks on regardless that nothing more need be heard for a while', () => {
    const { admission, clock } = admissionWith()
    place(admission, 'alice', 8000).leave()
    const restOf = (): number => {
      const answer = admission.ask('alice', { weight: 1, bytes: none })
      return isRefusal(answer) ? answer.restMs : NaN
    }
    const rests = Array.from({ length: 30 }, restOf)
    expect(rests.slice(0, 20).every((rest) => rest === 0)).toBe(true)
    expect(rests.slice(20).every((rest) => rest > 0)).toBe(true)
    clock.pass(1100)
    expect(restOf()).toBe(0)
    const onAndOn = Array.from({ length: 30 }, restOf)
    expect(Math.max(...onAndOn)).toBeGreaterThan(Math.max(1000))
  })

  it('begins what is heavier than the whole allowance, and takes what it weighs from what comes later', () => {
    const { admission, clock } = admissionWith()
    place(admission, 'alice', 5000).leave()
    expect(admission.ask('alice', { weight: 1, bytes: none })).toMatchObject({ code: 'TOO_MANY_REQUESTS' })
    clock.pass(3001)
    expect(place(admission, 'alice', 1).state).toBe('RUNNING')
  })

  it('lets whoever comes to a full server wait behind one operation of a heavy caller, not behind all of them', () => {
    const { admission } = admissionWith({ runningOfOne: 100, runningOfAll: 100, burst: 100_000 })
    const heavy = Array.from({ length: 20 }, () => place(admission, 'heavy', 100))
    const light = place(admission, 'light', 10)
    expect(light.state).toBe('WAITING')
    heavy[0]?.leave()
    expect(light.state).toBe('RUNNING')
    expect(heavy.filter(({ state }) => state === 'RUNNING').length).toBeLessThanOrEqual(1)
  })

  it('shares by weight among callers who all want more', () => {
    const { admission } = admissionWith({ runningOfOne: 100, runningOfAll: 100, burst: 1e9, perSecond: 1e9 })
    const weights = { heavy: 100, middle: 50, light: 10 }
    const queues = Object.entries(weights).map(([caller, weight]) => ({
      caller,
      tickets: Array.from({ length: 190 }, () => place(admission, caller, weight)),
    }))
    const done: Record<string, number> = { heavy: 0, middle: 0, light: 0 }
    for (let turn = 0; turn < 200; turn++) {
      for (const { caller, tickets } of queues) {
        const running = tickets.filter(({ state }) => state === 'RUNNING')
        for (const ticket of running) {
          done[caller] = (done[caller] ?? 0) + ticket.weight
          ticket.leave()
        }
      }
      if (queues.some(({ tickets }) => tickets.every(({ state }) => state === 'OVER'))) break
    }
    const shares = Object.values(done)
    expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(300)
  })

  it('bounds how many operations of one caller wait, and what they hold', () => {
    const many = admissionWith().admission
    place(many, 'alice', 100)
    for (let count = 0; count < MAX_WAITING_OF_ONE; count++) place(many, 'alice', 1)
    expect(many.ask('alice', { weight: 1, bytes: none })).toMatchObject({ code: 'TOO_MANY_REQUESTS' })

    const large = admissionWith().admission
    place(large, 'alice', 100)
    for (let count = 0; count < 4; count++) place(large, 'alice', 1, MAX_WAITING_BYTES_OF_ONE / 4 + 1)
    expect(large.ask('alice', { weight: 1, bytes: none })).toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  })

  it('refuses with OVERLOADED what has waited too long for the turn of others', async () => {
    const { admission, clock } = admissionWith({ runningOfAll: 100 })
    place(admission, 'alice', 100)
    const waits = heard(place(admission, 'bob', 10))
    clock.pass(MAX_WAIT_MS + 100)
    await Promise.resolve()
    expect(waits.end).toMatchObject({ code: 'OVERLOADED' })
    expect(admission.readings()).toMatchObject({ waiting: 0, overloaded: 1 })
  })

  it('refuses with TOO_MANY_REQUESTS what has waited too long for the caller’s own operations', async () => {
    const { admission, clock } = admissionWith()
    place(admission, 'alice', 100)
    const waits = heard(place(admission, 'alice', 10))
    clock.pass(MAX_WAIT_MS + 100)
    await Promise.resolve()
    expect(waits.end).toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  })

  it('keeps nothing of callers who have rested', () => {
    const { admission, clock } = admissionWith()
    for (let user = 0; user < 1000; user++) place(admission, `user-${user}`, 10).leave()
    clock.pass(10_000)
    for (let user = 0; user < 1000; user++) place(admission, 'alice', 1).leave()
    expect(admission.readings().accounts).toBe(1)
  })

  it('has no timer while nothing waits', () => {
    const { admission, clock } = admissionWith()
    const runs = place(admission, 'alice', 100)
    const waits = place(admission, 'alice', 10)
    expect(clock.timers()).toBe(1)
    runs.leave()
    waits.leave()
    waits.leave()
    clock.pass(100)
    expect(clock.timers()).toBe(0)
  })
})
