import type { InvitationHandling, ClassInvitationHandling } from '../../src/domain/invitation-handling.ts'
import type { PresenceServer } from '../../src/domain/disclosure.ts'

type Verdict = 'ALLOWED' | 'BLOCKED'
export type PresentityClass = { readonly handling: ClassInvitationHandling; readonly pendingShown: boolean }
export type WatcherClass = { readonly handling: ClassInvitationHandling; readonly lifetimeMs: number }

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

  endIfDue(now: number): void {
    if (this.endsAt === null || now < this.endsAt) return
    const beneath = this.blockBeneath
    this.takeBack()
    if (beneath) this.verdict = 'BLOCKED'
  }
}

/**
 * What a watcher should see of a presentity after a history, written down once more from the rules alone and as a story rather
 * than as tables: it shares no code with the product, so that it cannot share a mistake with it. Times are milliseconds since
 * the story began.
 */
export class ExpectedSight {
  now = 0
  /** The presentity's side. */
  connected = false
  appearsOffline = false
  ownHandling: InvitationHandling = 'PROMPT'
  server: PresenceServer = 'NONE_KNOWN'
  itsClass: PresentityClass = { handling: 'USER_DEFINED', pendingShown: true }
  readonly #decision = new Decision()
  #waiting: { endsAt: number; shownWhenAsked: boolean } | null = null
  /** The watcher's side. */
  watchersClass: WatcherClass = { handling: 'USER_DEFINED', lifetimeMs: 3_600_000 }
  isContact = false
  readonly #watchersDecision = new Decision()
  #told: { access: 'NONE' | 'ALLOWED' } | { access: 'PENDING'; endsAt: number } = { access: 'NONE' }

  pass(ms: number): void {
    this.now += ms
    this.#decision.endIfDue(this.now)
    this.#watchersDecision.endIfDue(this.now)
    if (this.#waiting !== null && this.#waiting.endsAt <= this.now) this.#waiting = null
    if (this.#told.access === 'PENDING' && this.#told.endsAt <= this.now) this.#told = { access: 'NONE' }
  }

  /** The watcher asks. Returns what he is told, and whether the request let him in. */
  ask(): { readonly told: string; readonly letIn: boolean } {
    const accepts = this.#handling() === 'AUTO_ACCEPT'
    const before = this.#told
    const endsAt = before.access === 'PENDING' ? before.endsAt : this.now + this.watchersClass.lifetimeMs
    if (before.access === 'NONE') this.#told = accepts ? { access: 'ALLOWED' } : { access: 'PENDING', endsAt }
    const told = this.#told.access
    const reachesHer = this.#decision.verdict === null && this.#waiting === null
    if (reachesHer && accepts) this.#allow(null)
    if (reachesHer && !accepts) {
      const shownWhenAsked = before.access === 'NONE' && this.#showsThoseWhoWait()
      this.#waiting = { endsAt, shownWhenAsked }
    }
    return { told, letIn: reachesHer && accepts }
  }

  withdraw(): void {
    if (this.#told.access !== 'PENDING') return
    this.#told = { access: 'NONE' }
    this.#waiting = null
  }

  /** Whatever waits of him goes with the contact, also what he asked after he had been told that he is allowed. */
  removeContact(): void {
    if (!this.isContact) return
    this.isContact = false
    this.#waiting = null
    if (this.#told.access === 'PENDING') this.#told = { access: 'NONE' }
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
    this.#decision.takeBack()
    this.#waiting = null
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
