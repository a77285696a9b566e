import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Indexes by which a sweep finds what has ended, and what is old, without reading what is not. */
export class Sweeps20261122190000 implements MigrationInterface {
  name = 'Sweeps20261122190000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index pairs_edge_ends_idx on presence_privacy.pairs (edge_ends_at) where edge_ends_at is not null`)
    await runner.query(`
      create index pairs_view_ends_idx on presence_privacy.pairs (view_ends_at) where view_ends_at is not null`)
    await runner.query(`
      create index incoming_items_ends_idx on presence_privacy.incoming_items (ends_at) where state = 'OPEN'`)
    await runner.query(`
      create index outgoing_requests_ends_idx on presence_privacy.outgoing_requests (ends_at) where state = 'OPEN'`)
    await runner.query(`
      create index incoming_items_over_idx on presence_privacy.incoming_items (asked_at) where state <> 'OPEN'`)
    await runner.query(`
      create index outgoing_requests_over_idx on presence_privacy.outgoing_requests (asked_at) where state <> 'OPEN'`)
    await runner.query(`create index answers_answered_idx on presence_privacy.answers (answered_at)`)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const index of [
      'pairs_edge_ends_idx',
      'pairs_view_ends_idx',
      'incoming_items_ends_idx',
      'outgoing_requests_ends_idx',
      'incoming_items_over_idx',
      'outgoing_requests_over_idx',
      'answers_answered_idx',
    ]) {
      await runner.query(`drop index presence_privacy.${index}`)
    }
  }
}
