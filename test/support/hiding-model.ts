/**
 * Rule 13 of appearing offline, word by word: it notes of each session whether hiding has held at any moment of it. Nothing happens between
 * two acts but ends of leases, so that it is enough to look after each.
 */
export class HidingModel {
  chosen = false
  className: string
  readonly #allows = new Map<string, boolean>()
  readonly #sessions = new Map<string, { endsAt: number; held: boolean }>()
  #now = 0

  constructor(classes: Readonly<Record<string, boolean>>, className: string) {
    this.#allows = new Map(Object.entries(classes))
    this.className = className
  }

  get allowed(): boolean {
    return this.#allows.get(this.className) ?? false
  }

  get isConnected(): boolean {
    return this.#live().length > 0
  }

  get appearsOffline(): boolean {
    return this.chosen && (this.allowed || this.#live().some(({ held }) => held))
  }

  pass(ms: number): void {
    this.#now += ms
  }

  /** Begins a session, or renews it. */
  publish(id: string, leaseMs: number): void {
    const before = this.#sessions.get(id)
    const held = before !== undefined && before.endsAt > this.#now && before.held
    this.#sessions.set(id, { endsAt: this.#now + leaseMs, held })
    this.#note()
  }

  end(id: string): void {
    this.#sessions.delete(id)
  }

  /** Whether the choice is refused. */
  choose(hidden: boolean): boolean {
    const refused = hidden && !this.allowed
    if (!refused) this.chosen = hidden
    if (!hidden) for (const session of this.#sessions.values()) session.held = false
    this.#note()
    return refused
  }

  setClass(name: string, allows: boolean): void {
    this.#allows.set(name, allows)
    this.#note()
  }

  assign(name: string): void {
    this.className = name
    this.#note()
  }

  #note(): void {
    if (this.chosen && this.allowed) for (const session of this.#live()) session.held = true
  }

  #live() {
    return [...this.#sessions.values()].filter(({ endsAt }) => endsAt > this.#now)
  }
}
