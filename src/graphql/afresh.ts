import type { GraphQLFieldResolver } from 'graphql'
import type { GraphQLContext } from './context.ts'

/**
 * The mutations of one operation run one after another, and each shows what is true after it: what was seen after the one before is
 * forgotten. Else the second of two would show a user who is hidden by it.
 */
export function afresh<Mutations extends object>(mutations: Mutations): Mutations {
  const resolvers = Object.entries(mutations) as [string, GraphQLFieldResolver<unknown, GraphQLContext>][]
  return Object.fromEntries(
    resolvers.map(([name, resolve]) => {
      const resolver: typeof resolve = (parent, args, context, info) => {
        context.looks.forget()
        return resolve(parent, args, context, info)
      }
      return [name, resolver]
    }),
  ) as Mutations
}
