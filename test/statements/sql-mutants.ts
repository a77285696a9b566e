import type { Columns } from './columns.ts'

/** One statement with one fault in it, and what the fault is. */
export type SqlMutant = { readonly sql: string; readonly fault: string }

/**
 * All mutants of a statement, each with one fault: a column that is read from another of its type or from nowhere, a condition that is
 * dropped or turned, an end that is off by its very moment, a join that loses or keeps rows, another constant, parameter or order.
 * Works on the text: what PostgreSQL then refuses to parse is no mutant.
 */
export function mutantsOf(sql: string, columns: Columns): SqlMutant[] {
  const body = sql.slice(sql.indexOf('*/') + 2)
  const found = [...exchanged(body, columns), ...conditions(body), ...replaced(body)]
  const seen = new Set([body])
  return found.flatMap(({ at, length, by, fault }) => {
    const mutated = body.slice(0, at) + by + body.slice(at + length)
    if (seen.has(mutated)) return []
    seen.add(mutated)
    return [{ sql: `/* mutant */${mutated}`, fault: `${fault} (…${context(body, at, length)}…)` }]
  })
}

type Edit = { readonly at: number; readonly length: number; readonly by: string; readonly fault: string }

function context(body: string, at: number, length: number): string {
  return body.slice(Math.max(0, at - 30), at + length + 15).replace(/\s+/g, ' ')
}

/** A reference to a column of any table, by itself or after an alias; what follows `as` is a name and no reference. */
const REFERENCE = /(?<![\w.$'"])((?:[a-z_]+\.)?)([a-z_]+)(?![\w('"]|\.\w)/g

function exchanged(body: string, columns: Columns): Edit[] {
  return [...body.matchAll(REFERENCE)].flatMap((match) => {
    const [text, alias = '', name = ''] = match
    const { index } = match
    const types = columns.typesOf(name)
    if (types.length === 0 || /\bas\s+$/.test(body.slice(0, index))) return []
    const others = columns.sameTypeAs(name)
    const edit = (by: string): Edit => ({ at: index, length: text.length, by, fault: `${text} -> ${by}` })
    return [...others.map((other) => edit(`${alias}${other}`)), ...types.map((type) => edit(`null::${type}`))]
  })
}

/** What ends a condition that stands at the same depth of brackets. */
const END =
  /^(and|or|where|order by|limit|group by|for update|for no key|for key|left join|cross join|join|on conflict|returning|union|do update|offset|when|then)\b/

function conditions(body: string): Edit[] {
  return [...body.matchAll(/\b(where|and|or|on(?! conflict))\s+/g)].flatMap((match) => {
    const at = match.index + match[0].length
    let depth = 0
    let end = at
    for (; end < body.length; end += 1) {
      const character = body[end]
      if (character === '(') depth += 1
      if (character === ')' && --depth < 0) break
      if (depth === 0 && /\s/.test(body[end - 1] ?? '') && END.test(body.slice(end))) break
    }
    const text = body.slice(at, end).trimEnd()
    if (text === '' || text === 'true') return []
    const edit = (by: string): Edit => ({
      at,
      length: text.length,
      by,
      fault: `${text.replace(/\s+/g, ' ')} -> ${by.replace(/\s+/g, ' ')}`,
    })
    return [edit('true'), edit(`not (${text})`)]
  })
}

const ENUMERATIONS = [
  ['NONE', 'PENDING', 'ALLOWED', 'BLOCKED'],
  ['NONE_KNOWN', 'OCS_2007'],
  ['OPEN', 'EXPIRED', 'ABSORBED'],
  ['ADMINISTRATOR', 'SERVICE', 'USER'],
] as const

const REPLACEMENTS: readonly (readonly [RegExp, (text: string) => readonly string[]])[] = [
  [/(?<![<>=!-])<=(?!=)/g, () => ['<']],
  [/(?<![<>=!-])>=(?!=)/g, () => ['>']],
  [/(?<![<>=!@-])<(?![=>@])/g, () => ['<=', '>']],
  [/(?<![<>=!@-])>(?![=>@])/g, () => ['>=', '<']],
  [/<>/g, () => ['=']],
  [/(?<![<>=!])=(?![>=])/g, () => ['<>']],
  [/\bleft join\b/g, () => ['join']],
  [/(?<!left |cross )\bjoin\b/g, () => ['left join']],
  [/\bunion all\b/g, () => ['union']],
  [/\bunion\b(?! all)/g, () => ['union all']],
  [/\bnot exists\b/g, () => ['exists']],
  [/(?<!not )\bexists\b/g, () => ['not exists']],
  [/\bis not null\b/g, () => ['is null']],
  [/\bis null\b/g, () => ['is not null']],
  [/\bdistinct\b/g, () => ['']],
  [/\band\b/g, () => ['or']],
  [/\bor\b/g, () => ['and']],
  [/\bmax\(/g, () => ['min(']],
  [/\bsum\(/g, () => ['max(']],
  [/\bdesc\b/g, () => ['']],
  [/\blimit (\$\d+|\d+)/g, () => ['']],
  [/(?<![\w$.'])\d+(?![\w.'])/g, (text) => [String(Number(text) + 1)]],
  [/\btrue\b/g, () => ['false']],
  [/\bfalse\b/g, () => ['true']],
  [/'[A-Z_0-9]+'/g, otherConstants],
  [/\$\d+/g, (text) => ['$1', '$2', '$3', '$4', '$5'].filter((other) => other !== text)],
  [/\bgreatest\b/g, () => ['least']],
]

function otherConstants(text: string): string[] {
  const others = ENUMERATIONS.find((each) => each.some((name) => `'${name}'` === text)) ?? []
  return [...others.map((name) => `'${name}'`), `'~'`].filter((other) => other !== text)
}

function replaced(body: string): Edit[] {
  const simple = REPLACEMENTS.flatMap(([pattern, others]) =>
    [...body.matchAll(pattern)].flatMap(({ 0: text, index }) =>
      others(text).map((by): Edit => ({ at: index, length: text.length, by, fault: `${text} -> ${by}` })),
    ),
  )
  return [...simple, ...coalesced(body)]
}

/** A default that is left out. */
function coalesced(body: string): Edit[] {
  return [...body.matchAll(/\bcoalesce\(/g)].flatMap(({ index }) => {
    const open = index + 'coalesce'.length
    let [depth, comma, end] = [0, -1, open]
    for (; end < body.length; end += 1) {
      if (body[end] === '(') depth += 1
      if (body[end] === ',' && depth === 1) comma = end
      if (body[end] === ')' && --depth === 0) break
    }
    const text = body.slice(index, end + 1)
    const by = `(${body.slice(open + 1, comma)})`
    return [{ at: index, length: text.length, by, fault: `${text.replace(/\s+/g, ' ')} -> no default` }]
  })
}
