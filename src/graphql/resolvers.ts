import type { Resolvers } from '../generated/resolver-types.ts'
import { afresh } from './afresh.ts'
import { dateTime } from './date-time.ts'
import { decisionMutations } from './decision-mutations.ts'
import { presenceMutations } from './presence-mutations.ts'
import { ownPrivacy, presencePrivacy } from './presence-privacy.ts'
import { requestMutations } from './request-mutations.ts'
import { subscription } from './subscription.ts'
import { user } from './user.ts'

export const resolvers: Resolvers = {
  Query: { presencePrivacy: (_query, _args, context) => ownPrivacy(context) },
  Mutation: afresh({ ...requestMutations, ...decisionMutations, ...presenceMutations }),
  Subscription: subscription,
  PresencePrivacy: presencePrivacy,
  User: user,
  DateTime: dateTime,
}
