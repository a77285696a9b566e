import type { InvitationHandling, ClassInvitationHandling } from '../../src/domain/invitation-handling.ts'
import type { PresenceServer } from '../../src/domain/disclosure.ts'

type Verdict = 'ALLOWED' | 'BLOCKED'
export type PresentityClass = { readonly handling: ClassInvitationHandling; readonly pendingShown: boolean }
export type WatcherClass = {
  readonly handling: ClassInvitationHandling
  readonly lifetimeMs: number
  readonly cooldownMs: number
  /** How many users may be asked. Even, as the watcher always asks the presentity and her twin together. */
  readonly perMinute: number
  readonly perDay: number
}

/** What comes of asking one of the two. */
export type ExpectedAnswer = {
  readonly outcome: 'ASKED' | 'LIMITED' | 'COOLING_DOWN'
  readonly told: string
  /** Whether the request let him in. */
  readonly letIn: boolean
  /** In how many milliseconds he is told that he may ask again. */
  readonly retryInMs: number | null
}

/** How many have been asked since the first of them, for as long as counts. */
class Counter {
  #since = Number.NEGATIVE_INFINITY
  #count = 0
  readonly #lengthMs: number

  constructor(lengthMs: number) {
    this.#lengthMs = lengthMs
  }

  /** In how many milliseconds so many more may be asked. */
  waitFor(more: number, limit: number, now: number): number {
    const left = this.#since + this.#lengthMs - now
    return left <= 0 || this.#count + more <= limit ? 0 : left
  }

  add(more: number, now: number): void {
    if (now >= this.#since + this.#lengthMs) {
      this.#since = now
      this.#count = 0
    }
    this.#count += more
  }
}

/** What one user has decided about another, with what a grant has put aside. */
class Decision {
  verdict: Verdict | null = null
  endsAt: number | null = null
  blockBeneath = false

  make(verdict: Verdict, endsAt: number | null): void {
    this.blockBeneath = endsAt !== null && (this.verdict === 'BLOCKED' || this.blockBeneath)
    this.verdict = verdict
    this.endsAt = endsAt
  }

  takeBack(): void {
    this.verdict = null
    this.endsAt = null
    this.blockBeneath = false
  }

  /** Returns when it came to nothing, if it did. */
  endIfDue(now: number): number | null {
    const { endsAt } = this
    if (endsAt === null || now < endsAt) return null
    const beneath = this.blockBeneath
    this.takeBack()
    if (beneath) this.verdict = 'BLOCKED'
    return beneath ? null : endsAt
  }
}

/** Situations that stories must come to, or they tell nothing about them. */
export const SITUATIONS = [
  'limited',
  'cooling down',
  'in a silence',
  'a grant ended',
  'a block came back',
  'let in',
] as const
export type Reached = (typeof SITUATIONS)[number]

/**
 * What a watcher should see of a presentity after a history, written down once more from the rules alone and as a story rather
 * than as tables: it shares no code with the product, so that it cannot share a mistake with it. Times are milliseconds since
 * the story began.
 */
export class ExpectedSight {
  now = 0
  readonly #reached: Set<Reached>

  /** What the story comes to is added to `reached`. */
  constructor(reached = new Set<Reached>()) {
    this.#reached = reached
  }

  /** The presentity's side. */
  connected = false
  appearsOffline = false
  ownHandling: InvitationHandling = 'PROMPT'
  server: PresenceServer = 'NONE_KNOWN'
  itsClass: PresentityClass = { handling: 'USER_DEFINED', pendingShown: true }
  readonly #decision = new Decision()
  #waiting: { endsAt: number; shownWhenAsked: boolean } | null = null
  /** Until when nothing that the watcher asks reaches her. */
  #silentUntil = 0
  /** The watcher's side. */
  watchersClass: WatcherClass = {
    handling: 'USER_DEFINED',
    lifetimeMs: 14 * 24 * 3_600_000,
    cooldownMs: 60_000,
    perMinute: 100,
    perDay: 1000,
  }
  readonly #askedThisMinute = new Counter(60_000)
  readonly #askedToday = new Counter(24 * 3_600_000)
  /** The cooldown of the class in which he has asked, 0 before. */
  #cooldownMs = 0
  /** Until when he has been told to wait. */
  #coolsUntil = 0
  isContact = false
  readonly #watchersDecision = new Decision()
  #told: { access: 'NONE' | 'ALLOWED' } | { access: 'PENDING'; endsAt: number } = { access: 'NONE' }

  pass(ms: number): void {
    this.now += ms
    const allowed = this.#decision.verdict === 'ALLOWED'
    const grantEnded = this.#decision.endIfDue(this.now)
    if (grantEnded !== null) {
      this.#reached.add('a grant ended')
      this.#silence(grantEnded)
    }
    if (allowed && this.#decision.verdict === 'BLOCKED') this.#reached.add('a block came back')
    this.#watchersDecision.endIfDue(this.now)
    if (this.#waiting !== null && this.#waiting.endsAt <= this.now) {
      this.#silence(this.#waiting.endsAt)
      this.#waiting = null
    }
    if (this.#told.access === 'PENDING' && this.#told.endsAt <= this.now) this.#coolDown(this.#told.endsAt)
  }

  /** The watcher asks the presentity and her twin. */
  ask(): ExpectedAnswer {
    const { perMinute, perDay } = this.watchersClass
    const waitMs = Math.max(
      this.#askedThisMinute.waitFor(2, perMinute, this.now),
      this.#askedToday.waitFor(2, perDay, this.now),
    )
    const told = this.told
    if (waitMs > 0) this.#reached.add('limited')
    if (waitMs > 0) return { outcome: 'LIMITED', told, letIn: false, retryInMs: waitMs }
    this.#askedThisMinute.add(2, this.now)
    this.#askedToday.add(2, this.now)
    if (told === 'NONE' && this.now < this.#coolsUntil) {
      this.#reached.add('cooling down')
      return { outcome: 'COOLING_DOWN', told, letIn: false, retryInMs: this.#coolsUntil - this.now }
    }
    return { outcome: 'ASKED', ...this.#reallyAsk(), retryInMs: null }
  }

  #reallyAsk(): { readonly told: string; readonly letIn: boolean } {
    const accepts = this.#handling() === 'AUTO_ACCEPT'
    const before = this.#told
    const endsAt = before.access === 'PENDING' ? before.endsAt : this.now + this.watchersClass.lifetimeMs
    if (before.access === 'NONE') this.#told = accepts ? { access: 'ALLOWED' } : { access: 'PENDING', endsAt }
    if (before.access !== 'PENDING') this.#cooldownMs = this.watchersClass.cooldownMs
    const told = this.#told.access
    const reachesHer =
      this.#decision.verdict === null && this.#waiting === null && this.now >= this.#silentUntil
    if (reachesHer && accepts) {
      this.#reached.add('let in')
      this.#allow(null)
    }
    if (this.#decision.verdict === null && this.now < this.#silentUntil) this.#reached.add('in a silence')
    if (reachesHer && !accepts) {
      const shownWhenAsked = before.access === 'NONE' && this.#showsThoseWhoWait()
      this.#waiting = { endsAt, shownWhenAsked }
    }
    return { told, letIn: reachesHer && accepts }
  }

  withdraw(): void {
    if (this.#told.access !== 'PENDING') return
    this.#coolDown(this.now)
    this.#stopWaiting()
  }

  /** Whatever waits of him goes with the contact, also what he asked after he had been told that he is allowed. */
  removeContact(): void {
    if (!this.isContact) return
    this.isContact = false
    this.#stopWaiting()
    if (this.#told.access === 'PENDING') this.#coolDown(this.now)
  }

  /** Whether a request waits for the presentity. */
  get waits(): boolean {
    return this.#waiting !== null
  }

  decide(verdict: Verdict, grantMs: number | null): void {
    if (verdict === 'ALLOWED') this.#allow(grantMs)
    else {
      this.#decision.make('BLOCKED', null)
      this.#waiting = null
    }
  }

  remove(): void {
    if (this.#decision.verdict !== null) this.#silence(this.now)
    this.#decision.takeBack()
    this.#stopWaiting()
  }

  watcherDecides(verdict: Verdict, grantMs: number | null): void {
    this.#watchersDecision.make(
      verdict,
      verdict === 'ALLOWED' && grantMs !== null ? this.now + grantMs : null,
    )
  }

  watcherRemoves(): void {
    this.#watchersDecision.takeBack()
  }

  /** What the watcher has been told of his access. */
  get told(): string {
    return this.#told.access
  }

  /** Whether the watcher is shown her presence as it is. */
  get visible(): boolean {
    return this.connected && !this.appearsOffline && this.#lookedFor() && this.#granted()
  }

  /** Whether she lets the watcher write to her. Waiting does not, even where it shows her. */
  get letsHimWrite(): boolean {
    return this.#decision.verdict === 'ALLOWED'
  }

  #stopWaiting(): void {
    if (this.#waiting !== null) this.#silence(this.now)
    this.#waiting = null
  }

  /** Something has ended there that he may know nothing of. */
  #silence(since: number): void {
    this.#silentUntil = since + this.#cooldownMs
  }

  /** A request of his has ended, and he knows it. */
  #coolDown(since: number): void {
    this.#told = { access: 'NONE' }
    this.#coolsUntil = since + this.#cooldownMs
  }

  #lookedFor(): boolean {
    if (this.#watchersDecision.verdict === 'BLOCKED') return false
    return this.watchersClass.handling !== 'PROMPT' || this.isContact
  }

  #granted(): boolean {
    if (this.#decision.verdict !== null) return this.#decision.verdict === 'ALLOWED'
    return this.#waiting !== null && this.#waiting.shownWhenAsked && this.#showsThoseWhoWait()
  }

  #allow(grantMs: number | null): void {
    this.#decision.make('ALLOWED', grantMs === null ? null : this.now + grantMs)
    this.#waiting = null
    this.#told = { access: 'ALLOWED' }
  }

  #handling(): InvitationHandling {
    return this.itsClass.handling === 'USER_DEFINED' ? this.ownHandling : this.itsClass.handling
  }

  #showsThoseWhoWait(): boolean {
    return this.server === 'OCS_2007' && this.itsClass.pendingShown
  }
}
