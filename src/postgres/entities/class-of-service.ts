import { EntitySchema } from 'typeorm'
import type { ClassSettings } from '../../domain/class-settings.ts'

export type ClassOfServiceRow = ClassSettings & {
  id: number
  name: string
  revision: string
  appearOfflineForbiddenAt: Date | null
  visibility: string
}

/** What administrators set for a group of users. Row 1 is the default class, and always there. */
export const ClassOfServiceEntity = new EntitySchema<ClassOfServiceRow>({
  name: 'ClassOfService',
  tableName: 'classes_of_service',
  columns: {
    id: {
      type: 'integer',
      primary: true,
      generated: 'increment',
      primaryKeyConstraintName: 'classes_of_service_pkey',
    },
    name: { type: 'text', collation: 'C' },
    invitationHandling: { name: 'invitation_handling', type: 'text', default: 'USER_DEFINED' },
    pendingShown: { name: 'pending_shown', type: 'boolean', default: true },
    appearOfflineAllowed: { name: 'appear_offline_allowed', type: 'boolean', default: true },
    /** When it last came to forbid that: sessions that are older may be hidden on (`appearsOffline` in domain/presence.ts). */
    appearOfflineForbiddenAt: { name: 'appear_offline_forbidden_at', type: 'timestamptz', nullable: true },
    maxContacts: { name: 'max_contacts', type: 'integer', default: 500 },
    requestLifetimeSeconds: { name: 'request_lifetime_seconds', type: 'integer', default: 1_209_600 },
    requestsPerMinute: { name: 'requests_per_minute', type: 'integer', default: 100 },
    requestsPerDay: { name: 'requests_per_day', type: 'integer', default: 1000 },
    requestCooldownSeconds: { name: 'request_cooldown_seconds', type: 'integer', default: 60 },
    /** What decides of it, packed by a trigger: see packed-visibility.ts. */
    visibility: { type: 'text', select: false, insert: false, update: false },
    revision: { type: 'bigint', default: 1 },
  },
  uniques: [{ name: 'classes_of_service_name_key', columns: ['name'] }],
  checks: [
    { name: 'classes_of_service_name_check', expression: 'char_length(name) between 1 and 100' },
    {
      name: 'classes_of_service_handling_check',
      expression: `invitation_handling in ('USER_DEFINED', 'PROMPT', 'AUTO_ACCEPT')`,
    },
    { name: 'classes_of_service_max_contacts_check', expression: 'max_contacts between 0 and 500' },
    {
      name: 'classes_of_service_request_lifetime_check',
      expression: 'request_lifetime_seconds between 60 and 31536000',
    },
    {
      name: 'classes_of_service_request_limits_check',
      expression: 'requests_per_minute between 0 and 10000 and requests_per_day between 0 and 100000',
    },
    {
      name: 'classes_of_service_request_cooldown_check',
      expression: 'request_cooldown_seconds between 0 and 31536000',
    },
  ],
})
