import type { Resolvers } from '../generated/resolver-types.ts'
import { afresh } from './afresh.ts'
import { audit, auditFor } from './audit.ts'
import { administrationMutations } from './administration-mutations.ts'
import { administration, administrationFor, classAdministration } from './administration.ts'
import { contactMutations } from './contact-mutations.ts'
import { dateTime } from './date-time.ts'
import { decisionMutations } from './decision-mutations.ts'
import { messaging, messagingFor } from './messaging.ts'
import { personalDataMutations, personalDataQueries } from './personal-data.ts'
import { presenceMutations } from './presence-mutations.ts'
import { ownPrivacy, presencePrivacy } from './presence-privacy.ts'
import { requestMutations } from './request-mutations.ts'
import { selectsMoreThanIds } from './selects-more-than-ids.ts'
import { serviceMutations } from './service-mutations.ts'
import { subscription } from './subscription.ts'
import { user } from './user.ts'

export const resolvers: Resolvers = {
  Query: {
    presencePrivacy: (_query, _args, context, info) => {
      const own = ownPrivacy(context)
      return selectsMoreThanIds(info) ? own : context.services.proveCaller().then(() => own)
    },
    presenceMessaging: (_query, _args, context) => messagingFor(context),
    presencePrivacyAdministration: (_query, _args, context) => administrationFor(context),
    presencePrivacyAudit: (_query, _args, context) => auditFor(context),
    ...personalDataQueries,
  },
  Mutation: afresh({
    ...requestMutations,
    ...contactMutations,
    ...decisionMutations,
    ...presenceMutations,
    ...serviceMutations,
    ...administrationMutations,
    ...personalDataMutations,
  }),
  Subscription: subscription,
  PresencePrivacy: presencePrivacy,
  PresenceMessaging: messaging,
  PresencePrivacyAdministration: administration,
  PresencePrivacyAudit: audit,
  PresenceClassOfServiceAdministration: classAdministration,
  User: user,
  DateTime: dateTime,
}
