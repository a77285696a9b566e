import { expect } from 'vitest'
import { decideMessages } from '../../src/application/decide-messages.ts'
import { settleWhatHasEnded } from '../../src/application/sweep.ts'
import { OFFLINE, type Presence } from '../../src/domain/presence.ts'
import type { OutgoingRequest } from '../../src/domain/request.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import type { ExpectedSight } from './expected-sight.ts'
import { newUser } from './new-user.ts'
import type { Storage } from './storage.ts'
import { deedsByUseCase, type Answered, type Said, type TwinDeeds, type Waiting } from './twin-deeds.ts'
import { IdsRead, presentityClass, watcherClass, type TwinAct } from './twin-acts.ts'
import { POLICY } from './policy.ts'

/**
 * A presentity, her twin, and one watcher of both. The presentity does what the acts say. The twin gives the same allows at the same
 * moments, takes nothing back, and is online exactly when the watcher should be shown the presentity. The watcher treats both
 * alike, and after every act whatever he can read of the one must equal what he can read of the other: were there a difference,
 * he could tell a denial from silence.
 */
export class TwinWorld {
  readonly #storage: Storage
  readonly #deeds: TwinDeeds
  readonly #watcher = newUser('watcher')
  readonly #presentity = newUser('presentity')
  readonly #twin = newUser('twin')
  readonly #both: readonly UserId[] = [this.#presentity, this.#twin]
  readonly #outgoing = new IdsRead()
  readonly #incoming = new IdsRead()
  #said: Said | null = null

  /** Users do what they do by `deeds`; administrators, services and time by the storage beneath them. */
  constructor(storage: Storage, deeds = deedsByUseCase(storage)) {
    this.#storage = storage
    this.#deeds = deeds
  }

  /** Does one act to both, and to what is expected; then compares. */
  async take(expected: ExpectedSight, act: TwinAct): Promise<void> {
    await this.#do(expected, act)
    await this.#connectTwin(expected)
    await this.#compare(expected)
  }

  async #do(expected: ExpectedSight, act: TwinAct): Promise<void> {
    const [watcher, presentity, twin] = [this.#watcher, this.#presentity, this.#twin]
    switch (act.act) {
      case 'ask':
        return this.#ask(expected, act)
      case 'withdraw':
        return this.#withdraw(expected, act.back)
      case 'add contact':
        return this.#addContact(expected, act)
      case 'remove contact': {
        const removed = await this.#deeds.removeContacts({ watcher, presentities: this.#both })
        const outcome = expected.isContact ? 'REMOVED' : 'NOT_A_CONTACT'
        expect(removed).toEqual([outcome, outcome])
        expected.removeContact()
        return
      }
      case 'watcher decides': {
        const endsAt = await this.#endOf(act)
        const { verdict } = act
        const deed = { presentity: watcher, watchers: this.#both, verdict, endsAt }
        const decided = await this.#deeds.decide(deed)
        expectSame(decided.get(presentity), decided.get(twin))
        expected.watcherDecides(act.verdict, act.grantMs)
        return
      }
      case 'watcher deletes':
        await this.#deeds.deleteDecisions({ presentity: watcher, watchers: this.#both })
        expected.watcherRemoves()
        return
      case 'watcher answers':
        return this.#watcherAnswers(expected, act)
      case 'watcher moves to class':
        expected.watchersClass = act.to
        return this.#storage.setUser(watcher, { classOfService: watcherClass(act.to) })
      case 'time passes':
        expected.pass(act.ms)
        await this.#storage.passTime(act.ms)
        if (expected.connected && this.#said !== null) await this.#deeds.publish(presentity, this.#said)
        return
      case 'sweep': {
        const { privacy, leftovers } = this.#storage
        await settleWhatHasEnded({ store: privacy, leftovers }, new AbortController().signal)
        return
      }
      case 'answer':
        return this.#answer(expected, act)
      case 'decide': {
        const { verdict } = act
        const endsAt = await this.#endOf(act)
        await this.#deeds.decide({ presentity, watchers: [watcher], verdict, endsAt })
        expected.decide(verdict, act.grantMs)
        if (verdict === 'ALLOWED') await this.#twinAllows()
        return
      }
      case 'delete':
        await this.#deeds.deleteDecisions({ presentity, watchers: [watcher] })
        expected.remove()
        return
      case 'ask the watcher':
        for (const asking of this.#both) {
          await this.#deeds.ask({
            watcher: asking,
            presentities: [watcher],
            trigger: act.trigger,
            addToContacts: false,
          })
        }
        return
      case 'watcher chooses handling':
        await this.#deeds.choose(watcher, { invitationHandling: act.handling })
        return
      case 'choose handling': {
        const { handling } = act
        for (const user of this.#both) {
          await this.#deeds.choose(user, { invitationHandling: handling })
        }
        // Where the class decides, the own setting is locked.
        if (expected.itsClass.handling === 'USER_DEFINED') expected.ownHandling = handling
        return
      }
      case 'move to class':
        expected.itsClass = act.to
        for (const user of this.#both) {
          await this.#storage.setUser(user, { classOfService: presentityClass(act.to) })
        }
        return
      case 'move to server':
        expected.server = act.server
        for (const user of this.#both) await this.#storage.setUser(user, { presenceServer: act.server })
        return
      case 'publish':
        expected.connected = true
        this.#said = act.said
        await this.#deeds.publish(presentity, act.said)
        return
      case 'disconnect':
        expected.connected = false
        await this.#deeds.disconnect(presentity)
        return
      case 'appear offline':
        expected.appearsOffline = act.hidden
        await this.#deeds.choose(presentity, { appearOffline: act.hidden })
        return
    }
  }

  async #ask(expected: ExpectedSight, act: TwinAct & { act: 'ask' }): Promise<void> {
    const { trigger, addToContacts, twinFirst } = act
    const asked = await this.#deeds.ask({
      watcher: this.#watcher,
      presentities: twinFirst ? [...this.#both].reverse() : this.#both,
      trigger,
      addToContacts,
    })
    const [payload, twins] = await this.#answersTo((user) =>
      asked.find(({ presentity }) => presentity === user),
    )
    expectSame(payload, twins)
    if (payload === null || payload === undefined) throw new Error('asked, and not answered')
    const contact = !addToContacts ? null : expected.isContact ? 'ALREADY_CONTACT' : 'ADDED'
    expect(payload.contact ?? null).toBe(contact)
    if (addToContacts) expected.isContact = true
    await this.#expectAnswer(expected, payload)
  }

  /** What the watcher is told of the one and of the other, as far as he may compare it: in the same words, of the same time. */
  async #answersTo(answerOf: (user: UserId) => Answered | null | undefined) {
    const { now } = await this.#storage.facts.readFacts({ watcher: this.#watcher, presentities: [] })
    return this.#both.map((user) => {
      const answer = answerOf(user)
      if (answer === null || answer === undefined) return null
      const { request, retryAt, ...rest } = answer
      return {
        ...rest,
        presentity: null,
        request: request && this.#withoutId(user, request),
        retryInMs: retryAt && toTenSeconds(retryAt - now),
      }
    })
  }

  /** Holds an answer to what is expected of this request. */
  async #expectAnswer(
    expected: ExpectedSight,
    { outcome, access, retryInMs }: { outcome: string; access: string; retryInMs: number | null },
  ): Promise<void> {
    const { letIn, ...answer } = expected.ask()
    expect({ outcome, told: access, retryInMs }, 'what the watcher is told when he asks').toEqual(answer)
    if (letIn) await this.#twinAllows()
  }

  async #addContact(expected: ExpectedSight, { twinFirst }: { twinFirst: boolean }): Promise<void> {
    const added = await this.#deeds.addContacts({
      watcher: this.#watcher,
      presentities: twinFirst ? [...this.#both].reverse() : this.#both,
    })
    const addedOf = (user: UserId) => added.find((each) => each.user === user)
    const [outcome, twinsOutcome] = this.#both.map((user) => addedOf(user)?.outcome)
    expectSame(outcome, twinsOutcome)
    expect(outcome).toBe(expected.isContact ? 'ALREADY_CONTACT' : 'ADDED')
    const [payload, twins] = await this.#answersTo((user) => addedOf(user)?.asked)
    expectSame(payload, twins)
    if (payload === null || payload === undefined) throw new Error('added, and not asked')
    expected.isContact = true
    await this.#expectAnswer(expected, payload)
  }

  async #withdraw(expected: ExpectedSight, back: number): Promise<void> {
    const [outcome, twins] = await Promise.all(
      this.#both.map(async (user) => {
        const request = this.#outgoing.of(user).at(-1 - back)
        if (request === undefined) return null
        return this.#deeds.withdraw({ watcher: this.#watcher, request })
      }),
    )
    expectSame(outcome, twins)
    // Only the latest request can be open.
    if (back === 0) expected.withdraw()
  }

  /** The presentity answers her popup, if the watcher waits in it. */
  async #answer(expected: ExpectedSight, act: TwinAct & { act: 'answer' }): Promise<void> {
    const { tick, alwaysAccept } = act
    const popup = await this.#deeds.popup(this.#presentity)
    const presented = popup.requests.map(({ item }) => item.id)
    if (presented.length === 0) return
    await this.#deeds.respond({
      presentity: this.#presentity,
      presented,
      ticked: tick ? presented : [],
      addTickedToContacts: false,
      alwaysAccept,
    })
    expected.decide(tick ? 'ALLOWED' : 'BLOCKED', null)
    if (tick) await this.#twinAllows()
    if (alwaysAccept && expected.itsClass.handling === 'USER_DEFINED') {
      expected.ownHandling = 'AUTO_ACCEPT'
      await this.#deeds.choose(this.#twin, { invitationHandling: 'AUTO_ACCEPT' })
    }
  }

  /** The watcher answers his own popup, in which both may wait. */
  async #watcherAnswers(expected: ExpectedSight, act: TwinAct & { act: 'watcher answers' }): Promise<void> {
    const popup = await this.#deeds.popup(this.#watcher)
    const presented = [...popup.requests, ...popup.notices].map(({ item }) => item.id)
    if (presented.length === 0) return
    const contacts = await this.#deeds.respond({
      presentity: this.#watcher,
      presented,
      ticked: act.tick ? presented : [],
      addTickedToContacts: act.addToContacts,
      alwaysAccept: false,
    })
    const contactOf = (user: UserId) => contacts.find((contact) => contact.user === user)
    const [outcome, twinsOutcome] = this.#both.map((user) => contactOf(user)?.outcome)
    expectSame(outcome, twinsOutcome)
    const [payload, twins] = await this.#answersTo((user) => contactOf(user)?.asked)
    expectSame(payload, twins)
    // A notice is acknowledged, and decides nothing.
    if (popup.requests.length > 0) expected.watcherDecides(act.tick ? 'ALLOWED' : 'BLOCKED', null)
    const isAdded = act.tick && act.addToContacts && !expected.isContact
    expect(payload !== null && payload !== undefined, 'who is added is asked').toBe(isAdded)
    if (payload === null || payload === undefined) return
    expected.isContact = true
    await this.#expectAnswer(expected, payload)
  }

  async #twinAllows(): Promise<void> {
    const deed = {
      presentity: this.#twin,
      watchers: [this.#watcher],
      verdict: 'ALLOWED',
      endsAt: null,
    } as const
    await this.#deeds.decide(deed)
  }

  async #connectTwin({ visible }: ExpectedSight): Promise<void> {
    if (visible && this.#said !== null) await this.#deeds.publish(this.#twin, this.#said)
    else await this.#deeds.disconnect(this.#twin)
  }

  async #compare(expected: ExpectedSight): Promise<void> {
    const unknown = newUser('unknown')
    const { seen, contacts, asked, popup } = await this.#deeds.observe(this.#watcher, [
      ...this.#both,
      unknown,
    ])
    expect(seen.get(this.#presentity), 'what the watcher sees').toEqual({
      presence: expected.visible && this.#said !== null ? shownOf(this.#said) : OFFLINE,
      access: expected.told,
      canBeMessaged: expected.visible && expected.letsHimWrite,
    })
    const [message] = await decideMessages({ ...this.#storage, ...POLICY }, [
      { presentity: this.#presentity, watcher: this.#watcher },
    ])
    expect(message, 'what becomes of a message').toMatchObject({
      permitted: expected.letsHimWrite,
      senderOutcome: seen.get(this.#presentity)?.canBeMessaged ? 'DELIVERED' : 'NOT_DELIVERED',
    })
    if (!expected.visible) expect(seen.get(this.#presentity)?.presence).toEqual(seen.get(unknown)?.presence)

    expect(contacts, 'the contact list').toHaveLength(expected.isContact ? 2 : 0)
    for (const contact of contacts) expect(contact.seen).toEqual(seen.get(contact.user))

    const { requests } = await this.#deeds.popup(this.#presentity)
    expect(requests, 'one popup for what waits, and none for what does not').toHaveLength(
      expected.waits ? 1 : 0,
    )

    const [observed, twins] = this.#both.map((user) => ({
      seen: seen.get(user),
      contact: contacts.filter((contact) => contact.user === user).map(({ addedAt }) => addedAt),
      asked: asked
        .filter(({ presentity }) => presentity === user)
        .map(({ request }) => this.#withoutId(user, request)),
      requests: this.#ofPopup(user, popup.requests),
      notices: this.#ofPopup(user, popup.notices),
    }))
    expectSame(observed, twins)
  }

  /** Without times: the two have asked one after the other. */
  #ofPopup(user: UserId, items: readonly Waiting[]): readonly object[] {
    return items
      .filter(({ watcher }) => watcher === user)
      .map(({ item: { id, triggers } }) => ({ id: this.#incoming.place(user, id), triggers }))
  }

  #withoutId(user: UserId, request: OutgoingRequest): object {
    return { ...request, id: this.#outgoing.place(user, request.id) }
  }

  async #endOf({ verdict, grantMs }: { verdict: string; grantMs: number | null }): Promise<number | null> {
    if (verdict === 'BLOCKED' || grantMs === null) return null
    return (await this.#storage.facts.readFacts({ watcher: this.#watcher, presentities: [] })).now + grantMs
  }
}

/**
 * Both were asked, and have been withdrawn, one after the other: on PostgreSQL some milliseconds lie between, and some more have gone by
 * since. All times of a story are tens of seconds.
 */
function toTenSeconds(ms: number): number {
  return Math.round(ms / 10_000) * 10_000
}

function shownOf({ status, activity, note }: Presence): Presence {
  return { status, activity, note }
}

function expectSame(ofPresentity: unknown, ofTwin: unknown): void {
  expect(ofPresentity, 'the presentity (received) and her twin (expected) read alike').toEqual(ofTwin)
}
