import { defineConfig } from 'vitest/config'

/** Faults in SQL, held against the suite that holds every statement: see `npm run mutate:statements`. */
export default defineConfig({
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/mutation/statements.mutants.ts'],
    globalSetup: ['test/support/cluster.ts'],
    pool: 'forks',
    hookTimeout: 30_000,
  },
})
