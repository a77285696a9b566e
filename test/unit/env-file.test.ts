import { describe, expect, test } from 'vitest'
import { parseEnvFile } from '../../src/config/parse-env-file.ts'

const read = (content: string | Buffer) => {
  const { variables, faults } = parseEnvFile(Buffer.from(content as string))
  return { ...Object.fromEntries(variables), ...(faults.length > 0 && { faults }) }
}

describe('a file .env is read whole', () => {
  test.each<[string, string | Buffer, object]>([
    ['with a byte order mark', '\uFEFFNODE_ENV=production\nPORT=1', { NODE_ENV: 'production', PORT: '1' }],
    ['with lines of spaces and tabs', 'A=1\n   \n\t\nB=2\n \t ', { A: '1', B: '2' }],
    ['with line breaks of Windows', 'A=1\r\n\r\nB=2\r\n', { A: '1', B: '2' }],
    ['with line breaks of old', 'A=1\rB=2\r', { A: '1', B: '2' }],
    ['with export', 'export A=1\n  export\tB=2', { A: '1', B: '2' }],
    ['with blanks around', '  A = 1  \n\tB\t=\t2\t', { A: '1', B: '2' }],
    ['with quotes', `A="1 # 2"\nB='3 # 4' # five\nC=\`6\``, { A: '1 # 2', B: '3 # 4', C: '6' }],
    [
      'with a key over several lines',
      'A="-----BEGIN\nabc=\n-----END"\nB=2',
      { A: '-----BEGIN\nabc=\n-----END', B: '2' },
    ],
    [
      'with line breaks written out',
      String.raw`A="a\nb"` + '\n' + String.raw`B='a\nb'`,
      { A: 'a\nb', B: String.raw`a\nb` },
    ],
    ['with comments', '# A=0\n  # B\nA=1 # one\nB=# nothing\nC=', { A: '1', B: '', C: '' }],
    ['with = in a value', 'A=a=b==', { A: 'a=b==' }],
    ['with other scripts', 'A=ü😀', { A: 'ü😀' }],
    ['without anything', '', {}],
  ])('%s', (_, content, variables) => {
    expect(read(content)).toEqual(variables)
  })
})

describe('a line that cannot be read is refused by its number, and not quoted', () => {
  test.each<[string, string | Buffer, RegExp[]]>([
    ['a line without =', 'A=1\nhunter2\nB=2', [/^line 2: it is neither/]],
    ['a name that is none', 'A B=1\n1A=2\n=hunter2', [/^line 1:/, /^line 2:/, /^line 3:/]],
    ['a name that stands there twice', 'A=hunter2\n\nA=2', [/^line 3: A is set in line 1 already/]],
    ['a # in a value', 'A=hunter#2', [/^line 1: A has a # in its value/]],
    ['a quote that is not closed', `A="hunter2\nB=2`, [/^line 1: A opens a quote/]],
    ['something behind a closing quote', `A="hunter" 2`, [/^line 1: A has something behind/]],
    ['a line in Latin-1', Buffer.from('A=1\nB=hunter\xe4\n', 'latin1'), [/^line 2: it is no UTF-8/]],
    ['UTF-16', Buffer.from('\uFEFFNODE_ENV=hunter2', 'utf16le'), [/UTF-16/]],
    ['UTF-16, the other way round', Buffer.from('\uFEFFNODE_ENV=hunter2', 'utf16le').swap16(), [/UTF-16/]],
    ['UTF-16 without a mark', Buffer.from('NODE_ENV=hunter2', 'utf16le'), [/UTF-16/]],
  ])('%s', (_, content, patterns) => {
    const { faults = [] } = read(content) as { faults?: string[] }
    expect(faults).toEqual(patterns.map((pattern) => expect.stringMatching(pattern) as string))
    expect(faults.join()).not.toMatch(/hunter/)
  })
})
