import { EntitySchema } from 'typeorm'

/** The presentity's halves of requests, and her notices. Resolved ones stay, so that a late popup learns what became of them. */
export const IncomingItemEntity = new EntitySchema({
  name: 'IncomingItem',
  tableName: 'incoming_items',
  columns: {
    id: { type: 'uuid', primary: true, primaryKeyConstraintName: 'incoming_items_pkey' },
    presentityId: { name: 'presentity_id', type: 'text', collation: 'C' },
    watcherId: { name: 'watcher_id', type: 'text', collation: 'C' },
    kind: { type: 'text' },
    state: { type: 'text' },
    triggers: { type: 'text', array: true },
    askedAt: { name: 'asked_at', type: 'timestamptz' },
    endsAt: { name: 'ends_at', type: 'timestamptz', nullable: true },
  },
  indices: [
    { name: 'incoming_items_presentity_idx', columns: ['presentityId'] },
    { name: 'incoming_items_watcher_idx', columns: ['watcherId'] },
    {
      name: 'incoming_items_open_idx',
      columns: ['presentityId', 'kind', 'askedAt', 'id'],
      where: `state = 'OPEN'`,
    },
    { name: 'incoming_items_ends_idx', columns: ['endsAt'], where: `state = 'OPEN'` },
    { name: 'incoming_items_over_idx', columns: ['askedAt'], where: `state <> 'OPEN'` },
  ],
  checks: [
    { name: 'incoming_items_kind_check', expression: `kind in ('REQUEST', 'NOTICE')` },
    { name: 'incoming_items_ends_check', expression: `(kind = 'REQUEST') = (ends_at is not null)` },
  ],
})

/** The watchers' halves: all that a watcher reads of his requests, and never joined with the other half. */
export const OutgoingRequestEntity = new EntitySchema({
  name: 'OutgoingRequest',
  tableName: 'outgoing_requests',
  columns: {
    id: { type: 'uuid', primary: true, primaryKeyConstraintName: 'outgoing_requests_pkey' },
    watcherId: { name: 'watcher_id', type: 'text', collation: 'C' },
    presentityId: { name: 'presentity_id', type: 'text', collation: 'C' },
    state: { type: 'text' },
    triggers: { type: 'text', array: true },
    askedAt: { name: 'asked_at', type: 'timestamptz' },
    endsAt: { name: 'ends_at', type: 'timestamptz' },
  },
  indices: [
    { name: 'outgoing_requests_watcher_idx', columns: ['watcherId', 'id'] },
    { name: 'outgoing_requests_presentity_idx', columns: ['presentityId'] },
    {
      name: 'outgoing_requests_open_idx',
      columns: ['watcherId', 'askedAt', 'id'],
      where: `state = 'OPEN'`,
    },
    { name: 'outgoing_requests_ends_idx', columns: ['endsAt'], where: `state = 'OPEN'` },
    { name: 'outgoing_requests_over_idx', columns: ['askedAt'], where: `state <> 'OPEN'` },
  ],
})

/** Answers that carried a client key, with what came of them. */
export const AnswerEntity = new EntitySchema({
  name: 'Answer',
  tableName: 'answers',
  columns: {
    presentityId: {
      name: 'presentity_id',
      type: 'text',
      collation: 'C',
      primary: true,
      primaryKeyConstraintName: 'answers_pkey',
    },
    clientKey: {
      name: 'client_key',
      type: 'text',
      collation: 'C',
      primary: true,
      primaryKeyConstraintName: 'answers_pkey',
    },
    fingerprint: { type: 'text' },
    result: { type: 'jsonb' },
    answeredAt: { name: 'answered_at', type: 'timestamptz' },
  },
  indices: [{ name: 'answers_answered_idx', columns: ['answeredAt'] }],
})
