import type { Administrator } from '../domain/administrative-act.ts'
import type { Identity, Role } from '../identity/identity.ts'
import type { GraphQLContext } from './context.ts'
import { forbidden } from './errors.ts'

/** Who is asking, if he holds the role. Throws UNAUTHENTICATED when nobody is asking, and FORBIDDEN when somebody else is. */
export function requireRole({ viewer }: Pick<GraphQLContext, 'viewer'>, role: Role): Identity {
  const identity = viewer()
  if (!identity.roles.has(role)) throw forbidden(role)
  return identity
}

/** The same of an administrator, as whoever does what is recorded. */
export function requireAdministrator(context: Pick<GraphQLContext, 'viewer'>): Administrator {
  return { kind: 'ADMINISTRATOR', id: requireRole(context, 'administrator').userId }
}
