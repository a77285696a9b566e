import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const page = readFileSync(new URL('../../docs/gateways.md', import.meta.url), 'utf8')

test.each([
  ['Hive Gateway', './hive-gateway.js', 'propagateHeaders: {'],
  ['@apollo/gateway', './apollo-gateway.ts', 'buildService:'],
])('the settings that the page shows for %s are those under test', (gateway, file, firstLine) => {
  const tested = linesOf(readFileSync(new URL(file, import.meta.url), 'utf8'))
  const shown = linesOf(codeUnder(gateway))
  const settings = shown.slice(shown.findIndex((line) => line.startsWith(firstLine)))
  expect(settings.length).toBeGreaterThan(5)
  expect(settings.filter((line) => line !== '})' && !tested.includes(line))).toEqual([])
})

/** The first block of TypeScript under a heading. */
function codeUnder(heading: string): string {
  const section = page.split(`\n## ${heading}\n`)[1] ?? ''
  return /```ts\n([\s\S]*?)```/.exec(section)?.[1] ?? ''
}

function linesOf(code: string): string[] {
  return code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
