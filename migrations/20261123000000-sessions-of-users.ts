import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * A user's sessions stand in her row: whoever looks at her finds policy and devices in one place, for the same work whatever she has.
 * Renewals touch no index: with room on the page, none of them has to be written again. To find one id among many users, a hash costs
 * half of what comparing texts does. Instances of the release before must have ended: the table that they publish to is gone.
 */
export class SessionsOfUsers20261123000000 implements MigrationInterface {
  name = 'SessionsOfUsers20261123000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table presence_privacy.users
        add column sessions json,
        add column session_ends_at timestamptz,
        add constraint users_sessions_check check ((sessions is null) = (session_ends_at is null))`)
    await runner.query(`alter table presence_privacy.users set (fillfactor = 70)`)
    await runner.query(`
      update presence_privacy.users u set sessions = of.sessions, session_ends_at = of.ends_at
      from (
        select user_id, max(lease_ends_at) as ends_at, json_agg(json_build_object(
          'id', id, 'status', status, 'activity', activity, 'note', note, 'mayAppearOffline', may_appear_offline,
          'publishedAt', ${millis('published_at')}, 'activeAt', ${millis('active_at')},
          'leaseEndsAt', ${millis('lease_ends_at')})) as sessions
        from presence_privacy.presence_sessions
        group by user_id
      ) of
      where u.id = of.user_id`)
    await runner.query(`drop table presence_privacy.presence_sessions`)
    await runner.query(`create index users_lookup_idx on presence_privacy.users using hash (id)`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table presence_privacy.presence_sessions (
        user_id text collate "C" not null,
        id text collate "C" not null,
        status text not null,
        activity text,
        note text,
        may_appear_offline boolean not null,
        published_at timestamptz not null,
        lease_ends_at timestamptz not null,
        active_at timestamptz not null default now(),
        constraint presence_sessions_pkey primary key (user_id, id)
      ) with (fillfactor = 70)`)
    await runner.query(`
      insert into presence_privacy.presence_sessions
        (user_id, id, status, activity, note, may_appear_offline, published_at, active_at, lease_ends_at)
      select u.id, s.id, s.status, s.activity, s.note, s."mayAppearOffline",
        ${moment('s."publishedAt"')}, ${moment('s."activeAt"')}, ${moment('s."leaseEndsAt"')}
      from presence_privacy.users u
      cross join lateral json_to_recordset(u.sessions) as s (
        id text, status text, activity text, note text, "mayAppearOffline" boolean,
        "publishedAt" bigint, "activeAt" bigint, "leaseEndsAt" bigint)`)
    await runner.query(`drop index presence_privacy.users_lookup_idx`)
    await runner.query(`
      alter table presence_privacy.users
        reset (fillfactor),
        drop constraint users_sessions_check,
        drop column sessions,
        drop column session_ends_at`)
  }
}

function millis(column: string): string {
  return `floor(extract(epoch from ${column}) * 1000)::bigint`
}

function moment(millis: string): string {
  return `'epoch'::timestamptz + ${millis} * interval '1 millisecond'`
}
