import { EntitySchema } from 'typeorm'

/**
 * Every act about an edge, and the end by time that was found when it came. Nobody changes a row, except an erasure: it puts a token
 * in the place of an id.
 */
export const TrailEntity = new EntitySchema({
  name: 'Trail',
  tableName: 'trail',
  columns: {
    id: {
      type: 'bigint',
      primary: true,
      primaryKeyConstraintName: 'trail_pkey',
      generated: 'increment',
    },
    at: { type: 'timestamptz' },
    presentityId: { name: 'presentity_id', type: 'text', collation: 'C' },
    watcherId: { name: 'watcher_id', type: 'text', collation: 'C' },
    actorKind: { name: 'actor_kind', type: 'text' },
    actorId: { name: 'actor_id', type: 'text', collation: 'C', nullable: true },
    cause: { type: 'text' },
    stateBefore: { name: 'state_before', type: 'text' },
    stateAfter: { name: 'state_after', type: 'text' },
    endedState: { name: 'ended_state', type: 'text', nullable: true },
    endedAt: { name: 'ended_at', type: 'timestamptz', nullable: true },
    reachesPresentity: { name: 'reaches_presentity', type: 'boolean' },
  },
  indices: [
    { name: 'trail_at_idx', columns: ['at', 'id'] },
    { name: 'trail_presentity_idx', columns: ['presentityId', 'at', 'id'] },
    { name: 'trail_watcher_idx', columns: ['watcherId', 'at', 'id'] },
    {
      name: 'trail_actor_idx',
      columns: ['actorId'],
      where: `actor_kind in ('ADMINISTRATOR', 'SERVICE')`,
    },
  ],
  checks: [
    {
      name: 'trail_actor_check',
      expression: `actor_kind in ('USER', 'ADMINISTRATOR', 'SERVICE', 'POLICY') and (actor_kind = 'POLICY') = (actor_id is null)`,
    },
    { name: 'trail_ended_check', expression: `(ended_state is null) = (ended_at is null)` },
  ],
})

/** Users who were erased: a digest of each id, by which it is known again. */
export const ErasedUserEntity = new EntitySchema({
  name: 'ErasedUser',
  tableName: 'erased_users',
  columns: {
    idDigest: {
      name: 'id_digest',
      type: 'bytea',
      primary: true,
      primaryKeyConstraintName: 'erased_users_pkey',
    },
    erasedAt: { name: 'erased_at', type: 'timestamptz' },
  },
})
