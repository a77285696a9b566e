import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What administrators need: revisions of classes, and settings of the whole site. Of a user, NONE_KNOWN now means the site's
 * default, which is NONE_KNOWN at first, so that nothing changes until an administrator says so.
 */
export class Administration20261122170000 implements MigrationInterface {
  name = 'Administration20261122170000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table presence_privacy.classes_of_service
        add column revision bigint not null default 1,
        add constraint classes_of_service_name_check check (char_length(name) between 1 and 100)`)
    await runner.query(`
      create table presence_privacy.site_settings (
        id integer not null default 1,
        presence_server text not null default 'NONE_KNOWN',
        revision bigint not null default 1,
        constraint site_settings_pkey primary key (id),
        constraint site_settings_one_row_check check (id = 1),
        constraint site_settings_presence_server_check
          check (presence_server in ('OCS_2007', 'CONVERGED_CONFERENCING', 'NONE_KNOWN'))
      )`)
    await runner.query(`insert into presence_privacy.site_settings (id) values (1)`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table presence_privacy.site_settings`)
    await runner.query(`
      alter table presence_privacy.classes_of_service
        drop constraint classes_of_service_name_check,
        drop column revision`)
  }
}
