import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The privacy list: what each user has decided, by how it is stored and in the order of the watchers' ids. */
export class PrivacyList20261122180000 implements MigrationInterface {
  name = 'PrivacyList20261122180000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index pairs_edges_idx on presence_privacy.pairs (presentity_id, edge_state, replaced_block, watcher_id)
        where edge_state <> 'NONE'`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index presence_privacy.pairs_edges_idx`)
  }
}
