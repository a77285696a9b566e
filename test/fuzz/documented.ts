import { readFileSync } from 'node:fs'
import type { Told } from './send.ts'

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const [, ERRORS = ''] = /\n## Errors\n([\s\S]*?)\n## /.exec(README) ?? []

/** Codes of errors, statuses and close codes, as README lists them. */
const CODES = new Set([...ERRORS.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, code]) => code))
const CLOSE_CODES = new Set(
  [...ERRORS.matchAll(/^\| (\d{4}(?:, \d{4})*) \|/gm)].flatMap(([, codes = '']) =>
    codes.split(', ').map(Number),
  ),
)
const STATUSES = new Set([...ERRORS.matchAll(/\b([1-5]\d\d)\b/g)].map(([, status]) => Number(status)))
/** No code of a peer's at all: the connection was cut, or the peer itself left. */
const WITHOUT_CODE = new Set([1005, 1006])

/** What somebody was told that README does not list. */
export function undocumented({ statuses, codes, closeCode }: Told): readonly string[] {
  return [
    ...codes.filter((code) => !CODES.has(code)).map((code) => `the code ${code}`),
    ...statuses.filter((status) => !STATUSES.has(status)).map((status) => `the status ${status}`),
    ...(closeCode === undefined || CLOSE_CODES.has(closeCode) || WITHOUT_CODE.has(closeCode)
      ? []
      : [`the close code ${closeCode}`]),
  ]
}
