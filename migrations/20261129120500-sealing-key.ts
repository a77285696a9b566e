import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The key that seals the numbers of rows before anybody reads them (src/postgres/sealed-ids.ts). It is made here, once for each database, so
 * that all instances share it and a restart keeps it. The release before does not read it.
 */
export class SealingKey20261129120500 implements MigrationInterface {
  name = 'SealingKey20261129120500'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table presence_privacy.site_settings add column sealing_key bytea`)
    // Each of the two holds 122 random bits.
    await runner.query(`
      update presence_privacy.site_settings
      set sealing_key = sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))`)
    await runner.query(`alter table presence_privacy.site_settings alter column sealing_key set not null`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table presence_privacy.site_settings drop column sealing_key`)
  }
}
