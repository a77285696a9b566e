import { expect, test } from 'vitest'
import { welcome } from '../../src/welcome.ts'

const at = { url: 'http://127.0.0.1:4001/graphql', graphiql: true }

test('with the generated key, the banner recommends the commands that use it', () => {
  const said = welcome({ ...at, generatedKey: true })
  expect(said).toContain('npm run -s token -- alice')
  expect(said).toContain('npm run -s watch -- alice bob')
})

test('with a key of their own, a developer is told of no command that would refuse', () => {
  const said = welcome({ ...at, generatedKey: false })
  expect(said).not.toContain('npm run')
  expect(said).toContain('a token of your issuer')
  expect(said).toContain('GraphiQL')
})
