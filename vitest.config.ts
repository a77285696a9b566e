import { defineConfig } from 'vitest/config'

const shared = {
  pool: 'forks' as const,
  testTimeout: 30_000,
  hookTimeout: 30_000,
}
const exclude = ['**/node_modules/**']

export default defineConfig({
  test: {
    // Every test file with a database also keeps the server of the cluster busy: more files at once only wait for it.
    maxWorkers: 2,
    projects: [
      // Rules need no database, and are to be run on every keystroke.
      { test: { ...shared, name: 'unit', include: ['test/unit/**/*.test.ts'], exclude } },
      {
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
