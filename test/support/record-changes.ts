import type { ChangeScope, PrivacyStore, Writes } from '../../src/application/privacy-store.ts'

export type RecordedChange = { readonly scope: ChangeScope; readonly writes: Writes }

/** The same store, and what each change that is made through it holds and writes. */
export function recordChanges(store: PrivacyStore): {
  readonly store: PrivacyStore
  readonly changes: readonly RecordedChange[]
} {
  const changes: RecordedChange[] = []
  return {
    changes,
    store: {
      ...store,
      change: (scope, decide) =>
        store.change(scope, (snapshot) => {
          const decided = decide(snapshot)
          changes.push({ scope, writes: decided.writes })
          return decided
        }),
    },
  }
}
