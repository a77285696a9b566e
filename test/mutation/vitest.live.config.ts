import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** What mutants of `src/live` are run against: streams on storage in memory alone. */
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
    include: ['test/live/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    pool: 'forks',
    testTimeout: 30_000,
  },
})
