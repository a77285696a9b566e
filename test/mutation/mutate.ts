/**
 * `npm run mutate -- <target> [arguments of StrykerJS, or the names of the statements, as a pattern]`: plants faults, one at a time, and says which of them no test tells; see
 * docs/mutation.md. Not a part of the gate: it takes from minutes to hours.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { installPackage } from '../../tools/install-package.ts'

const TARGETS = ['domain', 'application', 'live', 'statements'] as const
const ROOT = join(import.meta.dirname, '..', '..')

const [target = '', ...args] = process.argv.slice(2)
if (!TARGETS.some((each) => each === target)) {
  console.error(`Say what to mutate: npm run mutate -- ${TARGETS.join(' | ')}`)
  process.exit(64)
}
process.exit(target === 'statements' ? mutateStatements() : mutateCode())

/** SQL is no code to StrykerJS: its faults are made by our own `sql-mutants.ts`, within one run of a suite. */
function mutateStatements(): number {
  process.env['STATEMENTS'] = args[0] ?? ''
  return run(join(ROOT, 'node_modules', '.bin', 'vitest'), [
    ...['run', '--config', 'test/mutation/vitest.statements.config.ts'],
  ])
}

function mutateCode(): number {
  installPackage('test/mutation')
  return run(join(import.meta.dirname, 'node_modules', '.bin', 'stryker'), [
    ...['run', `test/mutation/${target}.config.json`],
    ...args,
  ])
}

function run(command: string, given: readonly string[]): number {
  const { status, error } = spawnSync(command, given, { cwd: ROOT, stdio: 'inherit' })
  if (error !== undefined) console.error(error.message)
  return status ?? 1
}
