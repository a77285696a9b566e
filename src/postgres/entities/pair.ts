import { EntitySchema } from 'typeorm'

/**
 * One row per presentity and watcher: with the users' rows, everything that decides. The watcher comes first in the key, so that
 * what one watcher sees of fifty presentities is one range scan.
 */
export const PairEntity = new EntitySchema({
  name: 'Pair',
  tableName: 'pairs',
  columns: {
    watcherId: {
      name: 'watcher_id',
      type: 'text',
      collation: 'C',
      primary: true,
      primaryKeyConstraintName: 'pairs_pkey',
    },
    presentityId: {
      name: 'presentity_id',
      type: 'text',
      collation: 'C',
      primary: true,
      primaryKeyConstraintName: 'pairs_pkey',
    },
    edgeState: { name: 'edge_state', type: 'text', default: 'NONE' },
    edgeOrigin: { name: 'edge_origin', type: 'text', nullable: true },
    edgeSince: { name: 'edge_since', type: 'timestamptz', nullable: true },
    edgeEndsAt: { name: 'edge_ends_at', type: 'timestamptz', nullable: true },
    replacedBlock: { name: 'replaced_block', type: 'boolean', default: false },
    shownWhenAsked: { name: 'shown_when_asked', type: 'boolean', default: false },
    viewAccess: { name: 'view_access', type: 'text', default: 'NONE' },
    viewEndsAt: { name: 'view_ends_at', type: 'timestamptz', nullable: true },
    cooldownSeconds: { name: 'cooldown_seconds', type: 'integer', default: 0 },
    coolsUntil: { name: 'cools_until', type: 'timestamptz', nullable: true },
    contactSince: { name: 'contact_since', type: 'timestamptz', nullable: true },
    watcherBlocksFrom: { name: 'watcher_blocks_from', type: 'timestamptz', nullable: true },
    incomingId: { name: 'incoming_id', type: 'uuid', nullable: true },
    outgoingId: { name: 'outgoing_id', type: 'uuid', nullable: true },
    /** What decides of it, packed by a trigger: see packed-visibility.ts. */
    visibility: { type: 'text', insert: false, update: false },
  },
  indices: [
    // Both columns: with one, the look at one pair could be planned as one at everybody who has to do with its presentity.
    { name: 'pairs_presentity_idx', columns: ['presentityId', 'watcherId'] },
    {
      name: 'pairs_contacts_idx',
      columns: ['watcherId', 'presentityId'],
      where: 'contact_since is not null',
      // TypeORM knows no columns that an index only includes, and is to leave it alone.
      synchronize: false,
    },
    {
      name: 'pairs_edges_idx',
      columns: ['presentityId', 'edgeState', 'replacedBlock', 'watcherId'],
      where: `edge_state <> 'NONE'`,
    },
    { name: 'pairs_edge_ends_idx', columns: ['edgeEndsAt'], where: 'edge_ends_at is not null' },
    { name: 'pairs_view_ends_idx', columns: ['viewEndsAt'], where: 'view_ends_at is not null' },
  ],
  checks: [
    { name: 'pairs_two_users_check', expression: 'watcher_id <> presentity_id' },
    {
      name: 'pairs_edge_state_check',
      expression: `edge_state in ('NONE', 'PENDING', 'ALLOWED', 'BLOCKED')`,
    },
    { name: 'pairs_view_access_check', expression: `view_access in ('NONE', 'PENDING', 'ALLOWED')` },
    { name: 'pairs_pending_ends_check', expression: `edge_state <> 'PENDING' or edge_ends_at is not null` },
    {
      name: 'pairs_view_ends_check',
      expression: `(view_access = 'PENDING') = (view_ends_at is not null)`,
    },
  ],
})
