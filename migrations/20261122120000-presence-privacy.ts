import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Users, pairs, both halves of requests, answers, classes of service and presence sessions. */
export class PresencePrivacy20261122120000 implements MigrationInterface {
  name = 'PresencePrivacy20261122120000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table presence_privacy.classes_of_service (
        id serial not null,
        name text collate "C" not null,
        invitation_handling text not null default 'USER_DEFINED',
        pending_shown boolean not null default true,
        appear_offline_allowed boolean not null default true,
        max_contacts integer not null default 500,
        request_lifetime_seconds integer not null default 1209600,
        constraint classes_of_service_pkey primary key (id),
        constraint classes_of_service_name_key unique (name),
        constraint classes_of_service_handling_check
          check (invitation_handling in ('USER_DEFINED', 'PROMPT', 'AUTO_ACCEPT')),
        constraint classes_of_service_max_contacts_check check (max_contacts between 0 and 500),
        constraint classes_of_service_request_lifetime_check check (request_lifetime_seconds between 60 and 31536000)
      )`)
    await runner.query(`insert into presence_privacy.classes_of_service (id, name) values (1, 'default')`)
    await runner.query(
      `select setval(pg_get_serial_sequence('presence_privacy.classes_of_service', 'id'), 1, true)`,
    )

    await runner.query(`
      create table presence_privacy.users (
        id text collate "C" not null,
        class_id integer not null default 1,
        invitation_handling text not null default 'PROMPT',
        presence_server text not null default 'NONE_KNOWN',
        appear_offline boolean not null default false,
        manual_status text,
        manual_ends_at timestamptz,
        revision bigint not null default 1,
        constraint users_pkey primary key (id),
        constraint users_class_fkey foreign key (class_id) references presence_privacy.classes_of_service (id),
        constraint users_handling_check check (invitation_handling in ('PROMPT', 'AUTO_ACCEPT')),
        constraint users_presence_server_check
          check (presence_server in ('OCS_2007', 'CONVERGED_CONFERENCING', 'NONE_KNOWN'))
      )`)
    await runner.query(`create index users_class_idx on presence_privacy.users (class_id)`)

    await runner.query(`
      create table presence_privacy.pairs (
        watcher_id text collate "C" not null,
        presentity_id text collate "C" not null,
        edge_state text not null default 'NONE',
        edge_origin text,
        edge_since timestamptz,
        edge_ends_at timestamptz,
        replaced_block boolean not null default false,
        shown_when_asked boolean not null default false,
        view_access text not null default 'NONE',
        view_ends_at timestamptz,
        contact_since timestamptz,
        watcher_blocks_from timestamptz,
        incoming_id uuid,
        outgoing_id uuid,
        constraint pairs_pkey primary key (watcher_id, presentity_id),
        constraint pairs_two_users_check check (watcher_id <> presentity_id),
        constraint pairs_edge_state_check check (edge_state in ('NONE', 'PENDING', 'ALLOWED', 'BLOCKED')),
        constraint pairs_view_access_check check (view_access in ('NONE', 'PENDING', 'ALLOWED')),
        constraint pairs_pending_ends_check check (edge_state <> 'PENDING' or edge_ends_at is not null),
        constraint pairs_view_ends_check check ((view_access = 'PENDING') = (view_ends_at is not null))
      )`)
    await runner.query(`
      create index pairs_contacts_idx on presence_privacy.pairs (watcher_id, presentity_id)
        where contact_since is not null`)

    await runner.query(`
      create table presence_privacy.incoming_items (
        id uuid not null,
        presentity_id text collate "C" not null,
        watcher_id text collate "C" not null,
        kind text not null,
        state text not null,
        triggers text[] not null,
        asked_at timestamptz not null,
        ends_at timestamptz,
        constraint incoming_items_pkey primary key (id),
        constraint incoming_items_kind_check check (kind in ('REQUEST', 'NOTICE')),
        constraint incoming_items_ends_check check ((kind = 'REQUEST') = (ends_at is not null))
      )`)
    await runner.query(`
      create index incoming_items_open_idx on presence_privacy.incoming_items (presentity_id, kind, asked_at, id)
        where state = 'OPEN'`)

    await runner.query(`
      create table presence_privacy.outgoing_requests (
        id uuid not null,
        watcher_id text collate "C" not null,
        presentity_id text collate "C" not null,
        state text not null,
        triggers text[] not null,
        asked_at timestamptz not null,
        ends_at timestamptz not null,
        constraint outgoing_requests_pkey primary key (id)
      )`)
    await runner.query(`
      create index outgoing_requests_open_idx on presence_privacy.outgoing_requests (watcher_id, asked_at, id)
        where state = 'OPEN'`)

    await runner.query(`
      create table presence_privacy.answers (
        presentity_id text collate "C" not null,
        client_key text collate "C" not null,
        fingerprint text not null,
        result jsonb not null,
        answered_at timestamptz not null,
        constraint answers_pkey primary key (presentity_id, client_key)
      )`)

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
        constraint presence_sessions_pkey primary key (user_id, id)
      )`)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'presence_sessions',
      'answers',
      'outgoing_requests',
      'incoming_items',
      'pairs',
      'users',
      'classes_of_service',
    ]) {
      await runner.query(`drop table presence_privacy.${table}`)
    }
  }
}
