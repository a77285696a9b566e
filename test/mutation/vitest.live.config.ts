import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** They take most of the time. `ALL_TESTS=1 npm run mutate -- live --mutate <place>` runs them, too, against a mutant that survived the others. */
const SLOW = ['interleavings', 'one-watcher-one-step', 'stalled-client']

/** What mutants of `src/live` are run against: streams on storage in memory alone, and random schedules of them. */
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
    include: ['test/live/**/*.test.ts', 'test/mutation/live.mutants.ts'],
    exclude: [
      '**/node_modules/**',
      ...(process.env['ALL_TESTS'] === '1' ? [] : SLOW.map((name) => `test/live/${name}.test.ts`)),
    ],
    pool: 'forks',
    testTimeout: 30_000,
  },
})
