import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { startProcess, temporaryFolder, type ServiceProcess } from '../support/start-process.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(`${ROOT}README.md`, 'utf8')
const story = /\n## Try it\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? ''
const blocks = [...story.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block.trim())

/** The file that a script of package.json runs by tsx. */
const scripts = (
  JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { scripts: Readonly<Record<string, string>> }
).scripts
const fileOf = (script: string) => /^tsx (\S+)$/.exec(scripts[script] ?? '')?.[1] ?? `no script ${script}`

test('what the README tells to try happens so: on screen before it is told, and gone when it is taken back', async () => {
  const folder = await temporaryFolder()
  const server = startProcess('src/main.ts', folder, { PORT: '0' })
  const [, port = ''] = await server.says(/served at http:\/\/127\.0\.0\.1:(\d+)/)
  const opened: Record<string, ServiceProcess> = {}
  let asked = ''

  /** A command that stays open, or several that are asked one after another. */
  const run = async (block: string) => {
    const [, script, words] = /^npm run -s (\w+) -- ([\w ]+)$/.exec(block) ?? []
    if (script !== undefined && words !== undefined) {
      opened[script] = startProcess(fileOf(script), folder, { PORT: port }, words.split(' '))
      return
    }
    const [, id = ''] = /"id":"([0-9a-f-]{36})"/.exec(opened['popup']?.said() ?? '') ?? []
    // The token comes from the development key in the folder of the server.
    const token = `npm() { shift 4; "${process.execPath}" --import "${import.meta.resolve('tsx')}" "${ROOT}${fileOf('token')}" "$1"; }`
    const [definition = ''] = blocks
      .filter((each) => each.startsWith('ask()'))
      .map((each) => each.split('\n')[0])
    const commands = [token, definition, ...block.split('\n').filter((line) => !line.startsWith('ask()'))]
      .join('\n')
      .replaceAll('127.0.0.1:4001', `127.0.0.1:${port}`)
      .replaceAll('<the id>', id)
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', commands], {
      cwd: folder,
      env: { PATH: process.env['PATH'] },
    })
    expect(stderr).toBe('')
    expect(stdout).not.toContain('"errors"')
    asked = stdout
  }

  const [install, ...steps] = blocks
  expect(install).toBe('npm ci && npm start')
  const [watch, popup, ask, answer, block, look] = steps
  await run(watch!)
  await opened['watch']!.says(/^bob {2}OFFLINE\n$/)
  await run(popup!)
  await opened['popup']!.says(/SNAPSHOT/)
  await run(ask!)
  await opened['popup']!.says(/ADDED.*alice/)
  expect(opened['watch']!.said()).toBe('bob  OFFLINE\n')
  await run(answer!)
  await opened['watch']!.says(/\nbob {2}BUSY {2}until five\n$/)
  await opened['popup']!.says(/RESOLVED/)
  await run(block!)
  await opened['watch']!.says(/\nbob {2}OFFLINE\n$/)
  await run(look!)
  expect(JSON.parse(asked)).toEqual({
    data: { _entities: [{ presence: { status: 'OFFLINE', note: null }, presenceAccess: 'ALLOWED' }] },
  })
  await run(`ask bob '{ presencePrivacy { sessions { id } } }'`)
  expect(JSON.parse(asked)).toEqual({ data: { presencePrivacy: { sessions: [{ id: 'desk' }] } } })
  expect(opened['watch']!.said()).toBe('bob  OFFLINE\nbob  BUSY  until five\nbob  OFFLINE\n')
  for (const words of ['`bob  BUSY  until five`', '`bob  OFFLINE`']) expect(story).toContain(words)
}, 60_000)
