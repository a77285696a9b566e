import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Limits and cooldowns of requests. Every column has a default, so that the release before goes on running. */
export class RequestLimits20261122160000 implements MigrationInterface {
  name = 'RequestLimits20261122160000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table presence_privacy.classes_of_service
        add column requests_per_minute integer not null default 100,
        add column requests_per_day integer not null default 1000,
        add column request_cooldown_seconds integer not null default 60,
        add constraint classes_of_service_request_limits_check
          check (requests_per_minute between 0 and 10000 and requests_per_day between 0 and 100000),
        add constraint classes_of_service_request_cooldown_check
          check (request_cooldown_seconds between 0 and 31536000)`)
    await runner.query(`
      alter table presence_privacy.users
        add column asked_minute_since timestamptz,
        add column asked_minute_count integer not null default 0,
        add column asked_day_since timestamptz,
        add column asked_day_count integer not null default 0`)
    await runner.query(`
      alter table presence_privacy.pairs
        add column cooldown_seconds integer not null default 0,
        add column cools_until timestamptz`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table presence_privacy.pairs drop column cooldown_seconds, drop column cools_until`,
    )
    await runner.query(`
      alter table presence_privacy.users
        drop column asked_minute_since, drop column asked_minute_count,
        drop column asked_day_since, drop column asked_day_count`)
    await runner.query(`
      alter table presence_privacy.classes_of_service
        drop column requests_per_minute, drop column requests_per_day, drop column request_cooldown_seconds`)
  }
}
