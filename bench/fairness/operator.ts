import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { BYSTANDERS } from './scene.ts'
import type { Outcomes } from './load/attackers.ts'

const ADMIN = fileURLToPath(new URL('../../dist/src/admin/main.js', import.meta.url))

export const OPERATOR = 'the operator assigns a class to 20,000 users'

/** The admin CLI on the same database, one run after another. */
export function operator(databaseUrl: string): { readonly stop: () => Promise<Outcomes> } {
  const outcomes: Outcomes = {}
  let stopped = false
  const runs = async (): Promise<void> => {
    for (let turn = 0; !stopped; turn++) {
      const child = spawn(process.execPath, [ADMIN, 'assign', turn % 2 === 0 ? 'one' : 'other', '--quiet'], {
        env: { ...process.env, DATABASE_URL: databaseUrl, NODE_ENV: 'production' },
        stdio: ['pipe', 'ignore', 'inherit'],
      })
      child.stdin.end(BYSTANDERS.join('\n'))
      const [code] = (await once(child, 'exit')) as [number]
      const outcome = code === 0 ? 'done' : `exit ${String(code)}`
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    }
  }
  const ended = runs()
  return {
    async stop() {
      stopped = true
      await ended
      return outcomes
    },
  }
}
