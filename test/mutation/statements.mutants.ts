import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { readColumns } from '../statements/columns.ts'
import type { Form } from '../statements/form.ts'
import { FORMS } from '../statements/forms.ts'
import { FrozenDatabase } from '../statements/frozen-database.ts'
import { inRandomState, isAsked, WAYS, type Hold, type Way } from '../statements/in-random-state.ts'
import { mutantsOf, type SqlMutant } from '../statements/sql-mutants.ts'
import { whyEquivalent } from './equivalent-statements.ts'

/** More than every-form.test.ts has, which runs with everything. */
const STATES = 24
/** Which of the statements, by name. */
const NAMES = new RegExp(process.env['STATEMENTS'] ?? '')
/** Of statements that are put together from parts, the longest. */
const TEXTS_OF_A_NAME = 2

type Mutant = SqlMutant & {
  readonly name: string
  readonly of: string
  readonly forms: readonly Form[]
  fate: 'SURVIVED' | 'KILLED' | 'NO_SQL' | 'NEVER_SENT'
}

let frozen: FrozenDatabase
beforeAll(async () => {
  frozen = await FrozenDatabase.open((await createTestDatabase()).url)
  await frozen.client.query('set statement_timeout = 5000')
})
afterAll(() => frozen.close())

it('every fault in every statement fails the suite that holds them', async () => {
  const sent = await statementsSent()
  expect(sent.size, `statements whose names fit ${String(NAMES)}`).toBeGreaterThan(0)
  const columns = await readColumns(frozen.client)
  const mutants = [...sent].flatMap(([text, { name, forms }]) =>
    mutantsBesideTheProof(text, name, (body) => mutantsOf(body, columns)).map((mutant): Mutant => ({
      ...mutant,
      name,
      of: text,
      forms: [...forms],
      fate: 'NEVER_SENT',
    })),
  )
  for (let seed = 1; seed <= STATES; seed += 1) {
    await inRandomState(frozen, seed, async (hold) => {
      for (const way of WAYS) {
        for (const mutant of mutants) {
          for (const form of mutant.forms.filter((each) => isAsked(each, way))) {
            if (mutant.fate !== 'NEVER_SENT' && mutant.fate !== 'SURVIVED') continue
            mutant.fate = await fateOf(hold, { form, way, mutant })
          }
        }
      }
    })
  }
  const left = mutants.filter(({ fate }) => fate === 'SURVIVED' || fate === 'NEVER_SENT')
  const unexplained = left.filter((mutant) => whyEquivalent(mutant) === undefined)
  console.log(tableOf(mutants, unexplained))
  expect(unexplained.map(({ name, fault, fate }) => `${name}: ${fault} ${fate}`)).toEqual([])
}, 7_200_000)

/** The statements that the forms send, each with its name and the forms that send it. */
async function statementsSent(): Promise<Map<string, { name: string; forms: Set<Form> }>> {
  const sent = new Map<string, { name: string; forms: Set<Form> }>()
  for (let seed = 1; seed <= STATES; seed += 1) {
    await inRandomState(frozen, seed, async (hold) => {
      for (const form of FORMS) {
        frozen.rewrite = (sql) => {
          const name = /\/\* (\S+) \*\//.exec(sql)?.[1] ?? 'unnamed'
          const known = sent.get(sql) ?? { name, forms: new Set<Form>() }
          sent.set(sql, { ...known, forms: known.forms.add(form) })
          return sql
        }
        for (const way of WAYS.filter((each) => isAsked(form, each))) await hold(form, way)
      }
    })
  }
  frozen.rewrite = (sql) => sql
  const byName = grouped(
    [...sent].filter(([, { name }]) => NAMES.test(name)),
    ([, { name }]) => name,
  )
  return new Map(
    [...byName.values()].flatMap((texts) =>
      texts.sort(([a], [b]) => b.length - a.length).slice(0, TEXTS_OF_A_NAME),
    ),
  )
}

const PROOF = /\(select case\s+when current_setting\('transaction_read_only'\)[^]*?else true end\)/g
const IN_ITS_PLACE = ':proof'

/** The proof is one text in all statements: it is there or not, and what it says is mutated in the statement that says nothing else. */
function mutantsBesideTheProof(
  text: string,
  name: string,
  mutants: (text: string) => SqlMutant[],
): SqlMutant[] {
  const [proof] = PROOF.exec(text) ?? []
  PROOF.lastIndex = 0
  if (proof === undefined || name === 'proveCaller') return mutants(text)
  return mutants(text.replaceAll(proof, IN_ITS_PLACE)).map(({ sql, fault }) => ({
    sql: sql.replaceAll(IN_ITS_PLACE, proof),
    fault,
  }))
}

async function fateOf(
  hold: Hold,
  { form, way, mutant: { of, sql, fate } }: { form: Form; way: Way; mutant: Mutant },
): Promise<Mutant['fate']> {
  let isSent = false
  frozen.rewrite = (text) => {
    isSent ||= text === of
    return text === of ? sql : text
  }
  try {
    const { found, expected } = await hold(form, way)
    if (!isSent) return fate
    expect(found).toEqual(expected)
    return 'SURVIVED'
  } catch (error) {
    // What PostgreSQL does not even parse is no fault that anybody could make unseen.
    return sqlStateOf(error)?.startsWith('42') ? 'NO_SQL' : 'KILLED'
  } finally {
    frozen.rewrite = (text) => text
  }
}

/** Of what the adapters throw the cause has it. */
function sqlStateOf(error: unknown): string | undefined {
  const { code, cause } = error as { code?: unknown; cause?: unknown }
  if (cause !== undefined) return sqlStateOf(cause)
  return typeof code === 'string' ? code : undefined
}

function grouped<Item>(items: readonly Item[], by: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) groups.set(by(item), [...(groups.get(by(item)) ?? []), item])
  return groups
}

function tableOf(mutants: readonly Mutant[], unexplained: readonly Mutant[]): string {
  const rows = [...grouped(mutants, ({ name }) => name)].map(([name, of]) => {
    const real = of.filter(({ fate }) => fate !== 'NO_SQL')
    const killed = real.filter(({ fate }) => fate === 'KILLED').length
    const open = unexplained.filter((mutant) => mutant.name === name).length
    return `| ${name} | ${String(real.length)} | ${String(killed)} | ${String(real.length - killed - open)} | ${String(open)} |`
  })
  const all = mutants.filter(({ fate }) => fate !== 'NO_SQL')
  const killed = all.filter(({ fate }) => fate === 'KILLED').length
  const sum = `| all | ${String(all.length)} | ${String(killed)} | ${String(all.length - killed - unexplained.length)} | ${String(unexplained.length)} |`
  return [
    '| statement | mutants | killed | equivalent | survived |',
    '| --- | --- | --- | --- | --- |',
    ...rows.sort(),
    sum,
  ].join('\n')
}
