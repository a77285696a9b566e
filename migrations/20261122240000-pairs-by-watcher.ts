import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The key of the pairs carries what decides, so that a look reads no more than the key: fifty pairs of one watcher are few pages of it. */
export class PairsByWatcher20261122240000 implements MigrationInterface {
  name = 'PairsByWatcher20261122240000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create unique index pairs_watcher_idx on presence_privacy.pairs (watcher_id, presentity_id)
        include (edge_state, edge_ends_at, replaced_block, shown_when_asked, view_access, view_ends_at, contact_since,
          watcher_blocks_from)`)
    await runner.query(`
      alter table presence_privacy.pairs
        drop constraint pairs_pkey,
        add constraint pairs_pkey primary key using index pairs_watcher_idx`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table presence_privacy.pairs
        drop constraint pairs_pkey,
        add constraint pairs_pkey primary key (watcher_id, presentity_id)`)
  }
}
