import fc from 'fast-check'
import { execute, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { formatError } from '../../../src/graphql/format-error.ts'
import { createSchema } from '../../../src/graphql/schema.ts'
import { faultOfVariables } from '../../../src/graphql/variables.ts'

const schema = createSchema({ maxRepresentations: 1000 })
const faultOf = faultOfVariables(schema, { maxRepresentations: 1000 })

function told(type: string, value: unknown): { code: unknown; message: string } | undefined {
  const document = parse(`query Q($v: ${type}) { __typename }`)
  const fault = faultOf({
    document,
    operationName: 'Q',
    variables: value === undefined ? null : { v: value },
  })
  if (fault === undefined) return undefined
  const { message, extensions } = formatError(fault, { suggestions: false })
  return { code: extensions?.['code'], message }
}

describe('a variable', () => {
  test.each([
    ['ID', 'wim'],
    ['ID', 42],
    ['ID', -(2 ** 53 - 1)],
    ['[ID!]', 'wim'],
    ['[ID!]', [1, 'a']],
    ['[ID]', [null]],
    ['Int', 2 ** 31 - 1],
    ['String', ''],
    ['_Any', 2 ** 53],
    ['RequestPresenceAccessInput', { userIds: 'wim' }],
    ['RequestPresenceAccessInput', { userIds: ['wim'], trigger: 'CALL' }],
    ['ID', undefined],
    ['ID! = "wim"', undefined],
  ])('of type %s may be %j', (type, value) => {
    expect(told(type, value)).toBeUndefined()
  })

  test.each([
    ['ID', 2 ** 53, ''],
    ['ID', 1e300, ''],
    ['ID', 4.5, ''],
    ['ID', true, ''],
    ['ID!', null, ''],
    ['ID!', undefined, ''],
    ['[ID!]', ['a', 2 ** 53], 'v[1]'],
    ['[ID!]!', [[['a']]], 'v[0]'],
    ['Int', 2 ** 31, ''],
    ['Int', 0.5, ''],
    ['Boolean', 'true', ''],
    ['String', 7, ''],
    ['[_Any!]!', [null], 'v[0]'],
    ['RequestPresenceAccessInput', { userIds: ['wim', 0.5] }, 'v.userIds[1]'],
    ['RequestPresenceAccessInput', { userIds: ['wim'], trigger: 'CURIOSITY' }, 'v.trigger'],
    ['RequestPresenceAccessInput', { userIds: ['wim'], trigger: 'constructor' }, 'v.trigger'],
    ['RequestPresenceAccessInput', {}, ''],
    ['RequestPresenceAccessInput', JSON.parse('{"userIds": ["wim"], "__proto__": {}}') as object, ''],
    ['RequestPresenceAccessInput', { userIds: ['wim'], toString: 1 }, ''],
  ])('of type %s is not %j', (type, value, place) => {
    const at = place === '' ? '' : `, at "${place}"`
    const shown = type.replace(/ =.*/, '')
    expect(told(type, value)).toEqual({
      code: 'BAD_USER_INPUT',
      message: `The value of the variable "$v" does not fit its type "${shown}"${at}.`,
    })
  })

  test('that passes is coerced without an error', () => {
    const document = parse(
      'query Q($a: [ID!], $b: RequestPresenceAccessInput, $c: [Int], $d: [[String]]) { __typename }',
    )
    const leaf = fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean(), fc.constant(null))
    const value = fc.oneof(
      leaf,
      fc.array(leaf, { maxLength: 3 }),
      fc.record(
        { userIds: fc.oneof(leaf, fc.array(leaf)), trigger: fc.constantFrom('CALL', 'call', 1) },
        { requiredKeys: [] },
      ),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), value), (variables) => {
        const { errors } = execute({ schema, document, variableValues: variables }) as { errors?: unknown[] }
        const fault = faultOf({ document, operationName: null, variables })
        // What is refused beyond graphql-js is a number that JSON has rounded.
        if (fault === undefined) expect(errors).toBeUndefined()
        else if (!/\d{16}|e\+/.test(JSON.stringify(variables))) expect(errors).toBeDefined()
      }),
      { numRuns: 500 },
    )
  })

  test('with a list beyond its bound is told so once, however long it is', () => {
    const many = (value: unknown) => Array.from({ length: 200_000 }, () => value)
    expect(told('[ID!]', many(null))?.code).toBe('BAD_USER_INPUT')
    expect(told('[ID!]', many('a'))?.message).toContain('10000')
    expect(told('[_Any!]!', many(null))?.code).toBe('TOO_MANY_REPRESENTATIONS')
    expect(
      told('RequestPresenceAccessInput', Object.fromEntries(many(1).map((_, at) => [`a${at}`, 1]))),
    ).toEqual({
      code: 'BAD_USER_INPUT',
      message: 'The value of the variable "$v" does not fit its type "RequestPresenceAccessInput".',
    })
  })
})
