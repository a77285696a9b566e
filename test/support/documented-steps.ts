import { readFileSync } from 'node:fs'
import { expect } from 'vitest'

/** An operation that a page shows. */
export type DocumentedStep = {
  readonly query: string
  /** As the first line of the operation says: `# asked by alice as auditor`. */
  readonly user: string | undefined
  readonly role: string | undefined
  /** What the page shows as its answer; undefined where it shows none. */
  readonly answer: unknown
}

export function pageOf(name: string): string {
  return readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8')
}

/** `leftOut` stands in the place of each `…` of an answer. */
export function stepsOn(page: string, leftOut: unknown = expect.any(String)): readonly DocumentedStep[] {
  const found = [...page.matchAll(/```graphql\n([\s\S]*?)```(?:\n\n```json\n([\s\S]*?)```)?/g)]
  return found.map(([, query = '', answer]) => {
    const [, user, role] = /^# asked by (\w+)(?: as (\w+))?/.exec(query) ?? []
    return { query, user, role, answer: answer && filled(JSON.parse(answer), leftOut) }
  })
}

function filled(shown: unknown, leftOut: unknown): unknown {
  if (shown === '…') return leftOut
  if (Array.isArray(shown)) return shown.map((each) => filled(each, leftOut))
  if (typeof shown !== 'object' || shown === null) return shown
  return Object.fromEntries(Object.entries(shown).map(([key, value]) => [key, filled(value, leftOut)]))
}
