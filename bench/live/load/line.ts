/** What a presentity says of herself: its note carries the number of the change, `c1`, `c2`, …, by which every frame of it is known. */
export type Change = { readonly number: number; readonly status: 'AVAILABLE' | 'BUSY' }

/** What a frame showed a watcher. */
export type Sight = { readonly presentity: string; readonly status: string; readonly note: string | null }

/** One user's connection to a variant. */
export type Line = {
  readonly publish: (change: Change) => void
  /** Begins to look at his contacts; settles when he has been shown how they are. */
  readonly watch: () => Promise<readonly Sight[]>
  readonly cut: () => void
}

/** Hears what comes over all lines of a variant. */
export type Ear = {
  /** A change was shown; `read` says what of it, and costs more than to count it. */
  readonly shown: (user: string, number: number, read: () => readonly Sight[]) => void
  /** The presentity was told that hers is done. */
  readonly acknowledged: (user: string) => void
  readonly lost: (user: string, error: Error) => void
}

export type OpenLine = (user: string, ear: Ear) => Promise<Line>

export function noteOf({ number }: Change): string {
  return `c${number}`
}

/** The number that stands between two marks of a text; -1 if there is none. */
export function numberBetween(text: string, before: string, from = 0): number {
  const at = text.indexOf(before, from)
  return at < 0 ? -1 : Number.parseInt(text.slice(at + before.length, at + before.length + 12), 10)
}
