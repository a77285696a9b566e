import type { UserResolvers } from '../generated/resolver-types.ts'

/** What this subgraph adds to the graph's users. */
export const user: UserResolvers = {
  presence: async ({ id }, _args, { see }) => (await see(id)).presence,
  presenceAccess: async ({ id }, _args, { see }) => (await see(id)).access,
  canBeMessaged: async ({ id }, _args, { see }) => (await see(id)).canBeMessaged,
}
