/**
 * `tsx tools/build.ts [--when-outdated]`: compiles the product into `dist`. With the flag it does nothing, and says nothing, when
 * `dist` was built from the sources as they are: `npm start` passes through here each time.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
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

/** Built aside and swapped in whole: a server that starts meanwhile finds the old build or the new one, never half of one. */
function build(options: readonly string[]): void {
  console.error('Building.')
  const aside = join(ROOT, `.dist-${process.pid}`)
  try {
    const tsc = join(ROOT, 'node_modules', '.bin', 'tsc')
    const args = ['-p', 'tsconfig.build.json', '--outDir', aside, ...options]
    const { status } = spawnSync(tsc, args, { cwd: ROOT, stdio: 'inherit' })
    process.exitCode = status ?? 1
    if (status !== 0) return
    writeFileSync(join(aside, '.built-from'), sources)
    rmSync(DIST, { recursive: true, force: true })
    renameSync(aside, DIST)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

/** Sizes and times rather than contents: the check must cost less than anyone notices. Names catch what was removed. */
function fingerprint(): string {
  const files = SOURCE_FOLDERS.filter((folder) => existsSync(join(ROOT, folder))).flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  const hash = createHash('sha256')
  for (const file of [...files.sort(), ...SOURCE_FILES]) {
    const { size, mtimeMs } = statSync(join(ROOT, file))
    hash.update(`${file} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}
