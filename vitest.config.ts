import { defineConfig } from 'vitest/config'

const shared = {
  pool: 'forks' as const,
  testTimeout: 30_000,
  hookTimeout: 30_000,
}
const exclude = ['**/node_modules/**']

// Vite prefers the `module` entry of graphql, Node and every package that requires it the other: two copies do not work together.
const resolve = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] }

export default defineConfig({
  test: {
    // Every test file with a database also keeps the server of the cluster busy: more files at once only wait for it.
    maxWorkers: 2,
    projects: [
      // Rules need no database, and are to be run on every keystroke.
      { resolve, test: { ...shared, name: 'unit', include: ['test/unit/**/*.test.ts'], exclude } },
      {
        resolve,
        test: {
          ...shared,
          name: 'cluster',
          include: ['test/**/*.test.ts'],
          exclude: [...exclude, 'test/unit/**'],
          globalSetup: ['test/support/cluster.ts'],
        },
      },
    ],
  },
})
