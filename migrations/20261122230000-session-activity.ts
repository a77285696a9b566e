import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * When a device's user was last active. The default is for instances of the release before, which publish on while this one comes
 * up. Renewals touch no index: with room on the page, none of them has to be written again.
 */
export class SessionActivity20261122230000 implements MigrationInterface {
  name = 'SessionActivity20261122230000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table presence_privacy.presence_sessions add column active_at timestamptz not null default now()`)
    await runner.query(`update presence_privacy.presence_sessions set active_at = published_at`)
    await runner.query(`alter table presence_privacy.presence_sessions set (fillfactor = 70)`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table presence_privacy.presence_sessions reset (fillfactor)`)
    await runner.query(`alter table presence_privacy.presence_sessions drop column active_at`)
  }
}
