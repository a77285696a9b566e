import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** Streams tell faults of signals and of what is seen; these take the least time. */
const STREAMS = [
  ...['anything-meanwhile', 'begins-during-a-tick', 'denied-together', 'hidden-is-not-composed'],
  ...['kinds-of-faults', 'one-read', 'popup-snapshots', 'settings-meanwhile', 'watch-presence'],
]

/** What mutants of `src/application` are run against: the contracts of use cases on storage in memory alone, and other tests that need no database. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^graphql$/, replacement: 'graphql/index.js' },
      {
        find: /^\.\.\/support\/each-storage\.ts$/,
        replacement: join(import.meta.dirname, 'each-storage-in-memory.ts'),
      },
    ],
  },
  test: {
    include: [
      'test/contract/**/*.test.ts',
      ...STREAMS.map((name) => `test/live/${name}.test.ts`),
      'test/integration/one-failing-decision.test.ts',
      'test/unit/application/**/*.test.ts',
      'test/unit/postgres/{server-identity,storage-error}.test.ts',
    ],
    exclude: ['**/node_modules/**'],
    pool: 'forks',
    // Most of the time would go into loading the product anew for each file.
    isolate: false,
    testTimeout: 30_000,
  },
})
