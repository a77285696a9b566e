import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** What mutants of `src/application` are run against: the contracts of use cases, on storage in memory alone. */
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
    include: ['test/contract/**/*.test.ts', 'test/integration/one-failing-decision.test.ts'],
    // These open PostgreSQL by themselves.
    exclude: ['**/node_modules/**', 'test/contract/{signals,session-signals}.test.ts'],
    pool: 'forks',
    testTimeout: 30_000,
  },
})
