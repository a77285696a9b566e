import { describe, expect, it } from 'vitest'
import { RulesDocument } from '../../support/rules-document.ts'

const inputs = { colour: ['red', 'blue'], size: ['big', 'small'] }

function decisions(...rows: string[]): RulesDocument {
  return new RulesDocument(
    [
      '# Title',
      '## Choices',
      'prose',
      '| colour | size | taken |',
      '| --- | --- | --- |',
      ...rows,
      '',
      '## Next',
    ].join('\n'),
  )
}

describe('the document of the rules', () => {
  it('gives every combination the first row that matches', () => {
    const cases = decisions(
      '| red | any | `yes` |',
      '| any | big | no |',
      '| any | any | perhaps |',
    ).everyCase('Choices', inputs)
    expect(cases.map(({ given, row }) => [given.colour, given.size, row['taken']].join(' '))).toEqual([
      'red big yes',
      'red small yes',
      'blue big no',
      'blue small perhaps',
    ])
  })

  it('refuses a table that leaves a combination open', () => {
    const document = decisions('| red | any | yes |', '| blue | big | no |')
    expect(() => document.everyCase('Choices', inputs)).toThrow(
      'no row of "Choices" decides {"colour":"blue","size":"small"}',
    )
  })

  it('refuses a row that decides nothing', () => {
    const document = decisions('| any | any | yes |', '| blue | big | no |')
    expect(() => document.everyCase('Choices', inputs)).toThrow('nothing is decided by')
  })

  it('refuses a value and a column that do not exist', () => {
    const document = decisions('| green | any | yes |', '| any | any | no |')
    expect(() => document.everyCase('Choices', inputs)).toThrow('"green" is no colour')
    expect(() => document.everyCase('Choices', { weight: ['1'] })).toThrow('no column "weight"')
  })

  it('refuses a matrix with a row or a column too many or too few', () => {
    const document = new RulesDocument('# M\n| x | a | b |\n| - | - | - |\n| r | 1 | 2 |\n| s | 3 | 4 |\n')
    expect(document.matrix('M', { rows: ['s', 'r'], columns: ['b', 'a'] }).s.a).toBe('3')
    expect(() => document.matrix('M', { rows: ['r'], columns: ['a', 'b'] })).toThrow('rows of "M"')
    expect(() => document.matrix('M', { rows: ['r', 's'], columns: ['a', 'b', 'c'] })).toThrow(
      'columns of "M"',
    )
  })

  it('refuses a heading that is missing, doubled, or without exactly one table', () => {
    const table = '| x |\n| - |\n| r |\n'
    expect(() => new RulesDocument('# A\n').table('B')).toThrow('0 headings "B"')
    expect(() => new RulesDocument(`# A\n${table}# A\n${table}`).table('A')).toThrow('2 headings "A"')
    expect(() => new RulesDocument('# A\nprose\n').table('A')).toThrow('no table')
    expect(() => new RulesDocument('# A\n| x |\n| - |\n').table('A')).toThrow('no table')
    expect(() => new RulesDocument(`# A\n# B\n${table}`).table('A')).toThrow('no table')
    expect(() => new RulesDocument(`# A\n${table}\n${table}`).table('A')).toThrow('two tables')
    expect(() => new RulesDocument('# A\n| x |\n| - |\n| r | s |\n').table('A')).toThrow('has 2 cells')
  })
})
