import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { sealing } from '../../../src/postgres/sealed-ids.ts'

const key = randomBytes(32)
const ids = sealing(key, 'trail')
const NUMBERS = ['0', '1', '2', '41', '4294967296', '9223372036854775807']

it('a sealed number is the same each time, and is told by its own table and key alone', () => {
  for (const number of NUMBERS) {
    const sealed = ids.seal(number)
    expect(sealed).toMatch(/^[\w-]{22}$/)
    expect(ids.seal(number)).toBe(sealed)
    expect(ids.unseal(sealed)).toBe(number)
    expect(sealing(key, 'acts').unseal(sealed)).toBeNull()
    expect(sealing(randomBytes(32), 'trail').unseal(sealed)).toBeNull()
  }
})

it('whatever was not sealed is no number', () => {
  for (const made of ['', '7', 'AAAAAAAAAAAAAAAAAAAAAA', ids.seal('7').slice(1), `${ids.seal('7')}AAAA`]) {
    expect(ids.unseal(made)).toBeNull()
  }
})

it('numbers that follow each other are as far apart as random ones', () => {
  const bitsApart = Array.from({ length: 500 }, (_, number) => {
    const [one, next] = [number, number + 1].map((each) => Buffer.from(ids.seal(String(each)), 'base64url'))
    return [...one!].reduce((sum, byte, place) => sum + ones(byte ^ next![place]!), 0)
  })
  expect(Math.min(...bitsApart)).toBeGreaterThan(35)
  expect(bitsApart.reduce((sum, bits) => sum + bits, 0) / bitsApart.length).toBeCloseTo(64, -0.7)
})

function ones(byte: number): number {
  return byte.toString(2).replaceAll('0', '').length
}
