import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Revisions of users that never come back: a row that is made anew after an erasure must not be taken for the one that was there
 * before. The release before goes on raising them by one, which is as good as long as it erases nobody.
 */
export class Revisions20261122220000 implements MigrationInterface {
  name = 'Revisions20261122220000'

  async up(runner: QueryRunner): Promise<void> {
    // Far above whatever has been counted up to by ones.
    await runner.query(`create sequence presence_privacy.revisions start 1000000000000`)
    await runner.query(`
      alter table presence_privacy.users
        alter column revision set default nextval('presence_privacy.revisions'::regclass)`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table presence_privacy.users alter column revision set default 1`)
    await runner.query(`drop sequence presence_privacy.revisions`)
  }
}
