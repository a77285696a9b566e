import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COMMIT = readFileSync(join(ROOT, 'api', 'released-commit'), 'utf8').trim()

/** Why the last release cannot run here, if it cannot. */
export function missingRelease(): string | null {
  return git('cat-file', '-e', `${COMMIT}^{commit}`).status === 0
    ? null
    : `commit ${COMMIT} is missing: git fetch --unshallow`
}

/** The source of the last release, in a folder of its own. It takes the packages that are installed here. */
export function releasedSource(): { readonly main: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'presence-privacy-release-'))
  const { status, stdout, stderr } = git('archive', COMMIT, 'src', 'migrations', 'schema', 'package.json')
  if (status !== 0) throw new Error(`the release cannot be taken from git: ${stderr.toString()}`)
  const unpacked = spawnSync('tar', ['-x', '-C', folder], { input: stdout })
  if (unpacked.status !== 0) throw new Error(`the release cannot be unpacked: ${unpacked.stderr.toString()}`)
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  return {
    main: join(folder, 'src', 'main.ts'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function git(...args: readonly string[]) {
  return spawnSync('git', args, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 })
}
