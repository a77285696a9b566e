import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * When a class of service last came to forbid to appear offline, so that no session of before is exposed by it. The release before neither
 * reads nor writes it.
 */
export class AppearOfflineForbiddenAt20261129120000 implements MigrationInterface {
  name = 'AppearOfflineForbiddenAt20261129120000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table presence_privacy.classes_of_service add column appear_offline_forbidden_at timestamptz`,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table presence_privacy.classes_of_service drop column appear_offline_forbidden_at`,
    )
  }
}
