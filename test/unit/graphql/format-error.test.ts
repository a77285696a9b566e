import { GraphQLError } from 'graphql'
import { expect, test } from 'vitest'
import { formatError, unexpectedCause } from '../../../src/graphql/format-error.ts'

const secret = new Error('secret: SELECT note FROM users')

test.each([
  [
    'an error of a resolver',
    new GraphQLError(secret.message, { originalError: secret, path: ['presencePrivacy'] }),
  ],
  [
    'one that was wrapped twice',
    new GraphQLError(secret.message, {
      originalError: new GraphQLError(secret.message, { originalError: secret }),
      extensions: { code: 'INTERNAL_SERVER_ERROR', stacktrace: [secret.stack] },
    }),
  ],
  ['what is no error', 'secret'],
])('a client is told neither the text nor the place of %s', (_, error) => {
  const shown = formatError(error, { suggestions: true, requestId: 'r-1' })
  expect(shown).toMatchObject({
    message: 'Something went wrong.',
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r-1' },
  })
  expect(JSON.stringify(shown)).not.toMatch(/secret|stacktrace|\.ts:/)
  expect(unexpectedCause(error)).toBeDefined()
})

test('a client is never told where in our code an error of its own was found', () => {
  const error = new GraphQLError('No.', {
    extensions: { code: 'BAD_USER_INPUT', stacktrace: ['at file.ts:1'], http: {} },
  })
  expect(formatError(error, { suggestions: true }).extensions).toEqual({ code: 'BAD_USER_INPUT' })
})
