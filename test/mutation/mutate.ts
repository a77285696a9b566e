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
const refusal = refusalOf(target, args)
if (refusal !== undefined) {
  console.error(refusal)
  process.exit(64)
}
process.exit(target === 'statements' ? mutateStatements() : mutateCode())

/** What is wrong with the arguments, and what to do; undefined if nothing is. StrykerJS refuses options of its own that it does not know. */
function refusalOf(named: string, given: readonly string[]): string | undefined {
  if (!TARGETS.some((each) => each === named))
    return `Say what to mutate: npm run mutate -- ${TARGETS.join(' | ')}`
  if (named !== 'statements') {
    const stray = given.find(
      (each, place) => !each.startsWith('-') && given[place - 1]?.startsWith('-') !== true,
    )
    return stray === undefined
      ? undefined
      : `"${stray}" is no option of StrykerJS. To mutate some files alone: npm run mutate -- ${named} --mutate <file>`
  }
  const [pattern = '', ...more] = given
  if (pattern.startsWith('-') || more.length > 0)
    return `Give one pattern of the names of statements, and no option, in place of "${given.join(' ')}": npm run mutate -- statements '^audit'`
  try {
    new RegExp(pattern)
    return undefined
  } catch {
    return `"${pattern}" is no regular expression. Give one that names of statements fit: npm run mutate -- statements '^audit'`
  }
}

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
