import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

type Package = { readonly version?: string; readonly engines?: { readonly node?: string } }

const lockFiles = execFileSync('git', ['ls-files', '**/package-lock.json', 'package-lock.json'], {
  cwd: ROOT,
})
  .toString()
  .trim()
  .split('\n')

function json(file: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8'))
}

type Version = readonly [number, number, number]

function versionOf(text: string): Version {
  const [major, minor = 0, patch = 0] = text.split('.').map((part) => Number(part) || 0)
  return [major ?? 0, minor, patch]
}

function compare(one: Version, other: Version): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2]
}

/** Of the ranges of npm those that packages name their engines in. */
function accepts(range: string, version: Version): boolean {
  return range.split('||').some((alternative) =>
    alternative
      .replace(/([<>=^~])\s+/g, '$1')
      .trim()
      .split(/\s+/)
      .every((comparator) => {
        const [, operator, text] = /^([<>=^~]*)v?([\dx.*]*)$/.exec(comparator)!
        const bound = versionOf(text!)
        const from = compare(version, bound)
        switch (operator) {
          case '>=':
            return from >= 0
          case '>':
            return from > 0
          case '<':
            return from < 0
          case '<=':
            return from <= 0
          case '~':
            return from >= 0 && bound[0] === version[0] && bound[1] === version[1]
          default:
            return text === '*' || text === '' || (from >= 0 && bound[0] === version[0])
        }
      }),
  )
}

it('reads ranges as npm does', () => {
  const version: Version = [20, 19, 0]
  for (const range of ['*', '>=18', '>= 0.6', '^20.19.0 || >=22.12', '18 || 20 || >=22', '20.x', '>=20 <21'])
    expect(accepts(range, version), range).toBe(true)
  for (const range of ['>=22', '>=20.19.1', '^18 || ^22.1', '>=18 <20', '~20.18.0'])
    expect(accepts(range, version), range).toBe(false)
})

it.each(lockFiles)('what %s installs runs on the oldest Node that its package.json admits', (lockFile) => {
  const { engines } = json(join(dirname(lockFile), 'package.json')) as Package
  if (engines?.node === undefined) return
  const oldest = versionOf(engines.node.replace('>=', ''))
  const { packages } = json(lockFile) as { packages: Record<string, Package> }
  expect(Object.keys(packages).length).toBeGreaterThan(5)
  const tooNew = Object.entries(packages).filter(([, { engines: its }]) => !accepts(its?.node ?? '*', oldest))
  expect(tooNew.map(([path, { version, engines: its }]) => [path, version, its?.node])).toEqual([])
})
