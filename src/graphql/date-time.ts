import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'

const ISO_8601 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/

/** Years that ISO 8601 writes with four digits, in UTC as well: a time zone leads out of them. */
const YEAR_1 = Date.parse('0001-01-01T00:00:00Z')
const YEAR_10000 = Date.parse('+010000-01-01T00:00:00Z')

/** Epoch milliseconds within the code, ISO 8601 outside. */
export const dateTime = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  serialize: (value) => new Date(value as number).toISOString(),
  parseValue: millisOf,
  parseLiteral: (node) => millisOf(node.kind === Kind.STRING ? node.value : undefined),
})

function millisOf(value: unknown): number {
  const at = typeof value === 'string' && ISO_8601.test(value) ? Date.parse(value) : NaN
  if (!(at >= YEAR_1 && at < YEAR_10000)) {
    throw new GraphQLError('A DateTime is ISO 8601 with a time zone, as in 2026-11-22T15:30:00Z.', {
      extensions: { code: 'BAD_USER_INPUT' },
    })
  }
  return at
}
