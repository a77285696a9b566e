/** A stream that reads before its first event. */
export type Beginning = {
  /** Settles when what the first event takes has been read, whatever came of it; also if the stream has been ended meanwhile. */
  readonly begun: Promise<void>
}

/** A promise of nothing, and how to keep it. */
export function beginning(): Beginning & { readonly end: () => void } {
  let end = (): void => undefined
  const begun = new Promise<void>((resolve) => (end = resolve))
  return { begun, end }
}
