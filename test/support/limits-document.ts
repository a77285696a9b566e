import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A row of docs/limits.md. */
export type LimitRow = {
  readonly limit: string
  /** As it is written, such as `16 KB`. */
  readonly value: string
  /** A setting has no file. */
  readonly place: { readonly name: string; readonly file: string | undefined }
  readonly cells: readonly string[]
}

const ROOT = join(import.meta.dirname, '../..')

export function limitRows(): readonly LimitRow[] {
  const lines = readFileSync(join(ROOT, 'docs/limits.md'), 'utf8').split('\n')
  const rows = lines.filter((line) => line.startsWith('| ') && !/^\| (limit|---) /.test(line))
  return rows.map((line) => {
    const cells = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim())
    const [limit = '', value = '', where = ''] = cells
    const [, setting, constant, file] =
      /^(?:setting `([A-Z_0-9]+)`|`([A-Z_0-9]+)` in `([\w/.-]+)`)$/.exec(where) ?? []
    const name = setting ?? constant
    if (name === undefined) throw new Error(`docs/limits.md: "${limit}" does not say where it is set`)
    return { limit, value, place: { name, file }, cells }
  })
}

const UNITS: Record<string, number> = {
  '': 1,
  B: 1,
  KB: 1024,
  MB: 1_048_576,
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
}

/** A default as a number: bytes, milliseconds, or how many. */
export function numberIn(value: string): number {
  const [, digits, unit = ''] = /^([\d.,]+) ?(B|KB|MB|ms|s|min|h)?$/.exec(value) ?? []
  if (digits === undefined) throw new Error(`docs/limits.md: "${value}" is no default`)
  return Number(digits.replaceAll(',', '')) * (UNITS[unit] ?? Number.NaN)
}

const CONSTANT = /^(?:export )?const ([A-Z][A-Z0-9_]*)(?:: number)? = ([\dA-Z_ *+().]+?)(?: as const)?$/gm

/** The constants at the top of a file under src/ that are numbers, written as numbers or as products of others. */
export function constantsIn(file: string): ReadonlyMap<string, number> {
  const known = new Map<string, number>()
  for (const [, name = '', expression = ''] of readFileSync(join(ROOT, 'src', file), 'utf8').matchAll(
    CONSTANT,
  )) {
    const factors = expression.split('*').map((factor) => {
      const text = factor.trim()
      return known.get(text) ?? Number(text.replaceAll('_', '').replace(/^$/, 'none'))
    })
    const product = factors.reduce((all, factor) => all * factor, 1)
    if (!Number.isNaN(product)) known.set(name, product)
  }
  return known
}

/** Named so, a constant bounds something. */
const NAMED_LIKE_A_LIMIT = /^(MAX|MOST)_|^REMEMBERED|CAPACITY$|_LIMIT$|_(TIMEOUT|DEADLINE|GRACE)_MS$/
/** Tools of the operator and of development: nobody else's peers. */
const NOT_SERVED = /^(admin|embedded-postgres|generated)\/|^identity\/development-/

/** Every constant that is named like a limit, as `NAME in file`. */
export function constantsNamedLikeLimits(): readonly string[] {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  return files
    .filter((file) => file.endsWith('.ts') && !NOT_SERVED.test(file))
    .flatMap((file) =>
      [...constantsIn(file).keys()]
        .filter((name) => NAMED_LIKE_A_LIMIT.test(name))
        .map((name) => `${name} in ${file}`),
    )
}
