import type { ClassOfService } from '../domain/class-of-service.ts'
import { settingsOf } from '../domain/class-settings.ts'
import type { PresenceClassOfService } from '../generated/resolver-types.ts'

/** A class of service as it is shown to its users and to administrators. */
export function classNodeOf(of: ClassOfService): PresenceClassOfService {
  return { name: of.name, ...settingsOf(of) }
}
