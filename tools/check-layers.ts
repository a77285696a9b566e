/**
 * The rules of `dependency-cruiser.config.cjs` over the whole tree. Its own command line is not enough: with a TypeScript that it
 * cannot load it reads no module and reports no violation, so here too few modules, or none that imports another, is a failure.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { installPackage } from './install-package.ts'

type Violation = {
  readonly from: string
  readonly to: string
  readonly rule: { readonly name: string; readonly severity: string }
  readonly cycle?: readonly { readonly name: string }[]
}
type Cruise = {
  readonly modules: readonly { readonly source: string; readonly dependencies: readonly unknown[] }[]
  readonly summary: { readonly violations: readonly Violation[] }
}

const ROOT = join(import.meta.dirname, '..')
const CRUISED = ['src', 'migrations', 'test', 'bench', 'client', 'demo'].filter((folder) =>
  existsSync(join(ROOT, folder)),
)

const { modules, summary } = cruise()
const read = modules.filter(({ source }) => /^src\/.*\.ts$/.test(source))
const written = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
)
if (
  read.length === 0 ||
  read.length < written.length ||
  read.every(({ dependencies }) => dependencies.length === 0)
) {
  console.error(
    `Read ${String(read.length)} of ${String(written.length)} modules of src: the rules were not checked.`,
  )
  process.exit(1)
}
for (const violation of summary.violations) console.error(described(violation))
console.log(`${String(modules.length)} modules, ${String(summary.violations.length)} violations`)
process.exit(summary.violations.length === 0 ? 0 : 1)

function cruise(): Cruise {
  installPackage('tools')
  const { stdout, stderr } = spawnSync(
    join(import.meta.dirname, 'node_modules', '.bin', 'depcruise'),
    ['--config', 'tools/dependency-cruiser.config.cjs', '--output-type', 'json', ...CRUISED],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  )
  try {
    return JSON.parse(stdout) as Cruise
  } catch {
    console.error(stderr || stdout)
    process.exit(1)
  }
}

function described({ rule, from, to, cycle }: Violation): string {
  const path = cycle === undefined ? to : cycle.map(({ name }) => name).join(' -> ')
  return `${rule.name}: ${from} -> ${path}`
}
