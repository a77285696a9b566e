/**
 * `tsx tools/check.ts <npm script> ...`: runs each, names it, and goes on after a failure, so that one run shows all faults.
 * Exits 1 if any failed.
 */
import { spawnSync } from 'node:child_process'

const failed: string[] = []
for (const script of process.argv.slice(2)) {
  console.log(`\n== ${script}`)
  const began = performance.now()
  const { status } = spawnSync('npm', ['run', '--silent', script], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`== ${script}: ${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)`)
  if (status !== 0) failed.push(script)
}

console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}`)
process.exit(failed.length === 0 ? 0 : 1)
