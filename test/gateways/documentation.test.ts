import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test.each([
  ['## Hive Gateway', 'gateways.md', './hive-gateway.js', 'propagateHeaders: {'],
  ['## @apollo/gateway', 'gateways.md', './apollo-gateway.ts', 'buildService:'],
  ["## Apollo Client's cache", 'gateways.md', './frontends.js', 'const TYPE_POLICIES ='],
  ['### Apollo Client', 'live-presence.md', './frontends.js', 'const client ='],
  ['### urql', 'live-presence.md', './frontends.js', 'const client ='],
])('the settings shown under "%s" in %s are those under test', (heading, page, file, firstLine) => {
  const tested = linesOf(readFileSync(new URL(file, import.meta.url), 'utf8'))
  const shown = linesOf(
    codeUnder(heading, readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')),
  )
  const settings = shown.slice(shown.findIndex((line) => line.startsWith(firstLine)))
  expect(settings.length).toBeGreaterThan(5)
  expect(settings.filter((line) => line !== '})' && !tested.includes(line))).toEqual([])
})

/** The first block of TypeScript under a heading. */
function codeUnder(heading: string, page: string): string {
  const section = page.split(`\n${heading}\n`)[1] ?? ''
  return /```ts\n([\s\S]*?)```/.exec(section)?.[1] ?? ''
}

function linesOf(code: string): string[] {
  return code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
