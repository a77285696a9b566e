import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const ROOT = join(import.meta.dirname, '..')

/**
 * Installs a package of this repository that has a lock file of its own (`tools`, `test/gateways`), unless it is installed just
 * as its lock file says. They stand apart so that a newcomer who wants to see the product run need not install them.
 * Says that it does so, and ends the process with npm's exit code if npm fails.
 */
export function installPackage(folder: string): void {
  const lock = join(ROOT, folder, 'package-lock.json')
  const stamp = join(ROOT, folder, 'node_modules', '.installed-lock')
  const wanted = createHash('sha256').update(readFileSync(lock)).digest('hex')
  if (wanted === readIfThere(stamp)) return
  console.error(`Installing ${folder}: once, and again when its lock file changes.`)
  const { status } = spawnSync('npm', ['ci', '--silent'], {
    cwd: join(ROOT, folder),
    env: environmentOfNoScript(),
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status !== 0) {
    console.error(`npm ci failed in ${folder}`)
    process.exit(status ?? 1)
  }
  writeFileSync(stamp, wanted)
}

/** npm hands its own settings down to scripts, the folder that it works on among them; the inner npm must find its own. */
function environmentOfNoScript(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('npm_config_local')),
  )
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const folder of process.argv.slice(2)) installPackage(folder)
}
