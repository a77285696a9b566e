import { readFileSync } from 'node:fs'

/** One row of a table, by the heads of its columns. */
type Row = Readonly<Record<string, string>>

/** One combination of inputs, and the row of the table that decides it. */
type Case<Input extends string> = { readonly given: Readonly<Record<Input, string>>; readonly row: Row }

/**
 * The tables of docs/privacy-rules.md, each under a heading of its own. Everything here throws when the document does not hold
 * what is asked of it: a table that were read as empty would let every test of it pass.
 */
export class RulesDocument {
  readonly #lines: readonly string[]

  constructor(text = readFileSync(new URL('../../docs/privacy-rules.md', import.meta.url), 'utf8')) {
    this.#lines = text.split('\n')
  }

  /** The rows of the only table under a heading. */
  table(heading: string): readonly Row[] {
    const starts = this.#lines.flatMap((line, at) =>
      line.replace(/^#+ /, '') === heading && line.startsWith('#') ? [at] : [],
    )
    const [start] = starts
    if (start === undefined || starts.length > 1) throw new Error(`${starts.length} headings "${heading}"`)
    const section = upTo(this.#lines.slice(start + 1), (line) => line.startsWith('#'))
    const first = section.findIndex(isRow)
    const table = upTo(section.slice(Math.max(first, 0)), (line) => !isRow(line))
    if (table.length < 3) throw new Error(`no table with rows under "${heading}"`)
    if (section.slice(first + table.length).some(isRow)) throw new Error(`two tables under "${heading}"`)
    const [heads, , ...rows] = table.map(cellsOf)
    return rows.map((cells) => {
      if (cells.length !== heads?.length) throw new Error(`a row of "${heading}" has ${cells.length} cells`)
      return Object.fromEntries(heads.map((head, column) => [head, cells[column] ?? '']))
    })
  }

  /** A table whose first column names its rows: exactly `rows`, and beside it exactly `columns`, in any order. */
  matrix<RowName extends string, Column extends string>(
    heading: string,
    names: { rows: readonly RowName[]; columns: readonly Column[] },
  ): Readonly<Record<RowName, Readonly<Record<Column, string>>>> {
    const table = this.table(heading)
    const [corner = '', ...columns] = Object.keys(table[0] ?? {})
    requireSame(`columns of "${heading}"`, columns, names.columns)
    requireSame(
      `rows of "${heading}"`,
      table.map((row) => row[corner] ?? ''),
      names.rows,
    )
    return Object.fromEntries(table.map((row) => [row[corner], row])) as Record<
      RowName,
      Record<Column, string>
    >
  }

  /**
   * Every combination of the inputs of a table whose first matching row decides, `any` matching everything. Throws when a
   * combination is decided by no row, or a row decides none. `possible` leaves out what cannot come about.
   */
  everyCase<Input extends string>(
    heading: string,
    inputs: Readonly<Record<Input, readonly string[]>>,
    possible: (given: Readonly<Record<Input, string>>) => boolean = () => true,
  ): readonly Case<Input>[] {
    const table = this.table(heading)
    for (const [input, values] of Object.entries<readonly string[]>(inputs)) {
      for (const row of table) {
        const cell = row[input]
        if (cell === undefined) throw new Error(`no column "${input}" under "${heading}"`)
        if (cell !== 'any' && !values.includes(cell))
          throw new Error(`"${cell}" is no ${input} under "${heading}"`)
      }
    }
    const deciding = new Set<Row>()
    const cases = combinations(inputs)
      .filter(possible)
      .map((given) => {
        const row = table.find((candidate) => matches(candidate, given))
        if (row === undefined) throw new Error(`no row of "${heading}" decides ${JSON.stringify(given)}`)
        deciding.add(row)
        return { given, row }
      })
    const idle = table.find((row) => !deciding.has(row))
    if (idle !== undefined)
      throw new Error(`under "${heading}" nothing is decided by ${JSON.stringify(idle)}`)
    return cases
  }
}

/** Every combination of one value for each input. */
export function combinations<Input extends string>(
  inputs: Readonly<Record<Input, readonly string[]>>,
): readonly Readonly<Record<Input, string>>[] {
  return Object.entries<readonly string[]>(inputs).reduce<readonly Record<string, string>[]>(
    (begun, [input, values]) =>
      begun.flatMap((given) => values.map((value) => ({ ...given, [input]: value }))),
    [{}],
  ) as readonly Record<Input, string>[]
}

function matches(row: Row, given: Readonly<Record<string, string>>): boolean {
  return Object.entries(given).every(([input, value]) => row[input] === 'any' || row[input] === value)
}

function upTo(lines: readonly string[], stop: (line: string) => boolean): readonly string[] {
  const end = lines.findIndex(stop)
  return end < 0 ? lines : lines.slice(0, end)
}

function isRow(line: string): boolean {
  return line.startsWith('|')
}

function cellsOf(line: string): readonly string[] {
  return line
    .replace(/^\||\|\s*$/g, '')
    .split('|')
    .map((cell) => cell.trim().replace(/^`(.*)`$/, '$1'))
}

function requireSame(what: string, found: readonly string[], expected: readonly string[]): void {
  if ([...found].sort().join() !== [...expected].sort().join()) {
    throw new Error(`${what} are ${found.join()}, not ${expected.join()}`)
  }
}
