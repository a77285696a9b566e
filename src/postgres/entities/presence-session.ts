import { EntitySchema } from 'typeorm'

/** The devices of users. A row whose lease has ended counts for nothing. */
export const PresenceSessionEntity = new EntitySchema({
  name: 'PresenceSession',
  tableName: 'presence_sessions',
  columns: {
    userId: {
      name: 'user_id',
      type: 'text',
      collation: 'C',
      primary: true,
      primaryKeyConstraintName: 'presence_sessions_pkey',
    },
    id: {
      type: 'text',
      collation: 'C',
      primary: true,
      primaryKeyConstraintName: 'presence_sessions_pkey',
    },
    status: { type: 'text' },
    activity: { type: 'text', nullable: true },
    note: { type: 'text', nullable: true },
    mayAppearOffline: { name: 'may_appear_offline', type: 'boolean' },
    publishedAt: { name: 'published_at', type: 'timestamptz' },
    activeAt: { name: 'active_at', type: 'timestamptz', default: () => 'now()' },
    leaseEndsAt: { name: 'lease_ends_at', type: 'timestamptz' },
  },
})
