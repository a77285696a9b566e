/**
 * `tsx tools/build.ts [--when-outdated]`: compiles the product into `dist`. With the flag it does nothing, and says nothing, when
 * `dist` was built from the sources as they are: `npm start` passes through here each time.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')
const STAMP = join(DIST, '.built-from')
const SOURCE_FOLDERS = ['src', 'migrations']
const SOURCE_FILES = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']

const sources = fingerprint()
const starting = process.argv.includes('--when-outdated')
const upToDate = existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources
// Checking the types more than doubles the time of a first start, and is the gate's business.
if (!(starting && upToDate)) build(starting ? ['--noCheck'] : [])

function build(options: readonly string[]): void {
  console.error('Building.')
  rmSync(DIST, { recursive: true, force: true })
  const tsc = join(ROOT, 'node_modules', '.bin', 'tsc')
  const { status } = spawnSync(tsc, ['-p', 'tsconfig.build.json', ...options], { cwd: ROOT, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
  writeFileSync(STAMP, sources)
}

/** Sizes and times rather than contents: the check must cost less than anyone notices. Names catch what was removed. */
function fingerprint(): string {
  const files = SOURCE_FOLDERS.filter((folder) => existsSync(join(ROOT, folder))).flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  const hash = createHash('sha256')
  for (const file of [...files.sort(), ...SOURCE_FILES]) {
    const { size, mtimeMs } = statSync(join(ROOT, file))
    hash.update(`${file} ${String(size)} ${String(mtimeMs)}\n`)
  }
  return hash.digest('hex')
}
