import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The trail, who was erased, and the indexes by which all rows of one user are found, in whichever direction. */
export class Account20261122200000 implements MigrationInterface {
  name = 'Account20261122200000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table presence_privacy.trail (
        id bigserial not null,
        at timestamptz not null,
        presentity_id text collate "C" not null,
        watcher_id text collate "C" not null,
        actor_kind text not null,
        actor_id text collate "C",
        cause text not null,
        state_before text not null,
        state_after text not null,
        ended_state text,
        ended_at timestamptz,
        reaches_presentity boolean not null,
        constraint trail_pkey primary key (id),
        constraint trail_actor_check check (
          actor_kind in ('USER', 'ADMINISTRATOR', 'SERVICE', 'POLICY') and (actor_kind = 'POLICY') = (actor_id is null)),
        constraint trail_ended_check check ((ended_state is null) = (ended_at is null))
      )`)
    await runner.query(`create index trail_at_idx on presence_privacy.trail (at, id)`)
    await runner.query(`create index trail_presentity_idx on presence_privacy.trail (presentity_id, at, id)`)
    await runner.query(`create index trail_watcher_idx on presence_privacy.trail (watcher_id, at, id)`)
    await runner.query(`
      create index trail_actor_idx on presence_privacy.trail (actor_id)
        where actor_kind in ('ADMINISTRATOR', 'SERVICE')`)

    await runner.query(`
      create table presence_privacy.erased_users (
        id_digest bytea not null,
        erased_at timestamptz not null,
        constraint erased_users_pkey primary key (id_digest)
      )`)

    await runner.query(
      `create index pairs_presentity_idx on presence_privacy.pairs (presentity_id, watcher_id)`,
    )
    await runner.query(
      `create index incoming_items_presentity_idx on presence_privacy.incoming_items (presentity_id)`,
    )
    await runner.query(
      `create index incoming_items_watcher_idx on presence_privacy.incoming_items (watcher_id)`,
    )
    await runner.query(
      `create index outgoing_requests_watcher_idx on presence_privacy.outgoing_requests (watcher_id, id)`,
    )
    await runner.query(
      `create index outgoing_requests_presentity_idx on presence_privacy.outgoing_requests (presentity_id)`,
    )
    await runner.query(`
      create index answers_contacts_idx on presence_privacy.answers
        using gin ((result -> 'contacts') jsonb_path_ops)`)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const index of [
      'answers_contacts_idx',
      'outgoing_requests_presentity_idx',
      'outgoing_requests_watcher_idx',
      'incoming_items_watcher_idx',
      'incoming_items_presentity_idx',
      'pairs_presentity_idx',
    ]) {
      await runner.query(`drop index presence_privacy.${index}`)
    }
    await runner.query(`drop table presence_privacy.erased_users`)
    await runner.query(`drop table presence_privacy.trail`)
  }
}
