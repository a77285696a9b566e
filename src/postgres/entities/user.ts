import { EntitySchema } from 'typeorm'

/** One row per user of whom anything is stored; a user without a row is a silent user of the default class. */
export const UserEntity = new EntitySchema({
  name: 'User',
  tableName: 'users',
  columns: {
    id: { type: 'text', collation: 'C', primary: true, primaryKeyConstraintName: 'users_pkey' },
    classId: { name: 'class_id', type: 'integer', default: 1 },
    invitationHandling: { name: 'invitation_handling', type: 'text', default: 'PROMPT' },
    presenceServer: { name: 'presence_server', type: 'text', default: 'NONE_KNOWN' },
    appearOffline: { name: 'appear_offline', type: 'boolean', default: false },
    manualStatus: { name: 'manual_status', type: 'text', nullable: true },
    manualEndsAt: { name: 'manual_ends_at', type: 'timestamptz', nullable: true },
    askedMinuteSince: { name: 'asked_minute_since', type: 'timestamptz', nullable: true },
    askedMinuteCount: { name: 'asked_minute_count', type: 'integer', default: 0 },
    askedDaySince: { name: 'asked_day_since', type: 'timestamptz', nullable: true },
    askedDayCount: { name: 'asked_day_count', type: 'integer', default: 0 },
    /** What its devices say, as an array of sessions; null where there is none. Those that have ended may be among them. */
    sessions: { type: 'json', nullable: true },
    /** When the last of them ends. */
    sessionEndsAt: { name: 'session_ends_at', type: 'timestamptz', nullable: true },
    /** What decides of them but for sessions, packed by a trigger: see packed-visibility.ts. */
    visibility: { type: 'text', insert: false, update: false },
    revision: { type: 'bigint', default: () => `nextval('presence_privacy.revisions')` },
  },
  indices: [
    { name: 'users_class_idx', columns: ['classId'] },
    // TypeORM knows no hashes, and is to leave it alone.
    { name: 'users_lookup_idx', columns: ['id'], synchronize: false },
  ],
  checks: [
    { name: 'users_sessions_check', expression: '(sessions is null) = (session_ends_at is null)' },
    { name: 'users_handling_check', expression: `invitation_handling in ('PROMPT', 'AUTO_ACCEPT')` },
    {
      name: 'users_presence_server_check',
      expression: `presence_server in ('OCS_2007', 'CONVERGED_CONFERENCING', 'NONE_KNOWN')`,
    },
  ],
  foreignKeys: [
    {
      name: 'users_class_fkey',
      target: 'ClassOfService',
      columnNames: ['classId'],
      referencedColumnNames: ['id'],
    },
  ],
})
