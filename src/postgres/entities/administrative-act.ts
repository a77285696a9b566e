import { EntitySchema } from 'typeorm'

/** What administrators did that is about no single decision. Nobody changes a row, except an erasure of whoever did it. */
export const AdministrativeActEntity = new EntitySchema({
  name: 'AdministrativeAct',
  tableName: 'administrative_acts',
  columns: {
    id: {
      type: 'bigint',
      primary: true,
      primaryKeyConstraintName: 'administrative_acts_pkey',
      generated: 'increment',
    },
    at: { type: 'timestamptz' },
    actorKind: { name: 'actor_kind', type: 'text' },
    actorId: { name: 'actor_id', type: 'text', collation: 'C' },
    act: { type: 'text' },
    className: { name: 'class_name', type: 'text', nullable: true },
    settings: { type: 'jsonb' },
    users: { type: 'integer' },
  },
  indices: [
    { name: 'administrative_acts_at_idx', columns: ['at', 'id'] },
    { name: 'administrative_acts_actor_idx', columns: ['actorId', 'at', 'id'] },
  ],
  checks: [{ name: 'administrative_acts_actor_check', expression: `actor_kind = 'ADMINISTRATOR'` }],
})

/** Whom an act was about, one row each; of whoever was erased, the token of the trail. */
export const AdministrativeActUserEntity = new EntitySchema({
  name: 'AdministrativeActUser',
  tableName: 'administrative_act_users',
  columns: {
    actId: {
      name: 'act_id',
      type: 'bigint',
      primary: true,
      primaryKeyConstraintName: 'administrative_act_users_pkey',
    },
    userId: {
      name: 'user_id',
      type: 'text',
      collation: 'C',
      primary: true,
      primaryKeyConstraintName: 'administrative_act_users_pkey',
    },
  },
  indices: [{ name: 'administrative_act_users_user_idx', columns: ['userId', 'actId'] }],
})
