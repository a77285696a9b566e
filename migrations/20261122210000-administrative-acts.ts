import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What administrators do, beside the trail of decisions. No foreign key joins the two tables: it would be checked for each of a
 * hundred thousand users of one act, which writes both.
 */
export class AdministrativeActs20261122210000 implements MigrationInterface {
  name = 'AdministrativeActs20261122210000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table presence_privacy.administrative_acts (
        id bigserial not null,
        at timestamptz not null,
        actor_kind text not null,
        actor_id text collate "C" not null,
        act text not null,
        class_name text,
        settings jsonb not null,
        users integer not null,
        constraint administrative_acts_pkey primary key (id),
        constraint administrative_acts_actor_check check (actor_kind = 'ADMINISTRATOR')
      )`)
    await runner.query(
      `create index administrative_acts_at_idx on presence_privacy.administrative_acts (at, id)`,
    )
    await runner.query(
      `create index administrative_acts_actor_idx on presence_privacy.administrative_acts (actor_id, at, id)`,
    )
    await runner.query(`
      create table presence_privacy.administrative_act_users (
        act_id bigint not null,
        user_id text collate "C" not null,
        constraint administrative_act_users_pkey primary key (act_id, user_id)
      )`)
    await runner.query(
      `create index administrative_act_users_user_idx on presence_privacy.administrative_act_users (user_id, act_id)`,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table presence_privacy.administrative_act_users`)
    await runner.query(`drop table presence_privacy.administrative_acts`)
  }
}
