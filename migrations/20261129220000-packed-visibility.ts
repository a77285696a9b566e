import { setTimeout as sleep } from 'node:timers/promises'
import type { MigrationInterface, QueryRunner } from 'typeorm'

/** While a lock is waited for, reads queue behind it. So it is given up soon, and tried again. */
const LOCK_TIMEOUT_MS = 900
const LOCK_ATTEMPTS = 60
const LOCK_NOT_AVAILABLE = '55P03'
/** Between two passes over a table. Rows are left for another pass while somebody holds them, which may take a while. */
const PASS_AGAIN_AFTER_MS = 200
/** Rows of so many pages are filled at once: writers of these rows wait for some ten milliseconds. */
const PAGES_AT_ONCE = 100

/**
 * All that decides of a user, of a pair and of a class, each in one column. A read then sets up three values for each user instead of
 * seventeen. The plain columns stay the truth, and triggers pack them, so a release that writes plain columns alone is seen as well.
 *
 * Reads and writes go on meanwhile, so the migration is no transaction. It begins anew when it is repeated after an error.
 */
export class PackedVisibility20261129220000 implements MigrationInterface {
  name = 'PackedVisibility20261129220000'
  transaction = false

  async up(runner: QueryRunner): Promise<void> {
    for (const packed of [OF_CLASS, OF_USER, OF_PAIR]) {
      await atOnce(runner, [
        `alter table presence_privacy.${packed.table} add column if not exists visibility text`,
        `create or replace function presence_privacy.${packed.pack}() returns trigger language plpgsql as $$
          begin new.visibility := ${packed.value}; return new; end $$`,
        `drop trigger if exists ${packed.pack} on presence_privacy.${packed.table}`,
        `create trigger ${packed.pack} before insert or update of ${packed.columns.join(', ')}
          on presence_privacy.${packed.table} for each row execute function presence_privacy.${packed.pack}()`,
        // Also where rows are applied that were replicated from elsewhere.
        `alter table presence_privacy.${packed.table} enable always trigger ${packed.pack}`,
      ])
      await fill(runner, packed)
      await forbidNull(runner, packed.table)
    }
    await buildPairsIndexes(runner)
    await atOnce(runner, TAKE_NEXT_INDEXES)
  }

  /** All at once: readers and writers wait until it is over. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create unique index pairs_next_key_idx on presence_privacy.pairs (watcher_id, presentity_id)
        include (${PAIR_COLUMNS.join(', ')})`)
    await runner.query(`
      create index pairs_next_contacts_idx on presence_privacy.pairs (watcher_id, presentity_id)
        where contact_since is not null`)
    for (const statement of TAKE_NEXT_INDEXES) await runner.query(statement)
    for (const { table, pack } of [OF_CLASS, OF_USER, OF_PAIR]) {
      await runner.query(`drop trigger ${pack} on presence_privacy.${table}`)
      await runner.query(`drop function presence_privacy.${pack}()`)
      await runner.query(`alter table presence_privacy.${table} drop column visibility`)
    }
  }
}

/** 16 hexadecimal digits: PostgreSQL's 8 bytes. `epoch` stands for null, so that all values are equally long. */
function moment(column: string): string {
  return `encode(timestamptz_send(coalesce(new.${column}, 'epoch')), 'hex')`
}

function initial(column: string): string {
  return `left(new.${column}, 1)`
}

function digit(column: string): string {
  return `new.${column}::integer`
}

function hex(column: string): string {
  return `lpad(to_hex(new.${column}), 8, '0')`
}

type Packed = {
  readonly table: string
  readonly pack: string
  readonly columns: readonly string[]
  readonly value: string
}

const PAIR_COLUMNS = [
  ...['edge_state', 'edge_ends_at', 'replaced_block', 'shown_when_asked', 'view_access', 'view_ends_at'],
  ...['contact_since', 'watcher_blocks_from'],
]

const OF_PAIR: Packed = {
  table: 'pairs',
  pack: 'pack_pair',
  columns: PAIR_COLUMNS,
  value: [
    initial('edge_state'),
    digit('replaced_block'),
    digit('shown_when_asked'),
    initial('view_access'),
    moment('edge_ends_at'),
    moment('view_ends_at'),
    moment('contact_since'),
    moment('watcher_blocks_from'),
  ].join(' || '),
}

const OF_USER: Packed = {
  table: 'users',
  pack: 'pack_user',
  columns: ['class_id', 'presence_server', 'appear_offline', 'manual_status', 'manual_ends_at'],
  value: [
    hex('class_id'),
    initial('presence_server'),
    digit('appear_offline'),
    `rpad(coalesce(new.manual_status, ''), 16)`,
    moment('manual_ends_at'),
  ].join(' || '),
}

const OF_CLASS: Packed = {
  table: 'classes_of_service',
  pack: 'pack_class',
  columns: [
    ...['id', 'invitation_handling', 'pending_shown', 'appear_offline_allowed'],
    'appear_offline_forbidden_at',
  ],
  value: [
    hex('id'),
    initial('invitation_handling'),
    digit('pending_shown'),
    digit('appear_offline_allowed'),
    moment('appear_offline_forbidden_at'),
  ].join(' || '),
}

/**
 * By places in the table, and never waiting for a row: so it cannot lock itself and a writer out. Rows that were locked, or that a writer has moved to
 * the end of the table, come in the next pass.
 */
async function fill(runner: QueryRunner, { table, columns: [column] }: Packed): Promise<void> {
  const leftOver = `select count(*) from presence_privacy.${table} where visibility is null`
  while ((await numberIn(runner, leftOver)) > 0) {
    const pages = await numberIn(
      runner,
      `select pg_relation_size('presence_privacy.${table}') / current_setting('block_size')::integer`,
    )
    for (let page = 0; page <= pages; page += PAGES_AT_ONCE) {
      await runner.query(`
        update presence_privacy.${table} set ${column} = ${column} where ctid in (
          select ctid from presence_privacy.${table}
          where ctid >= '(${page},0)' and ctid < '(${page + PAGES_AT_ONCE},0)' and visibility is null
          for no key update skip locked)`)
    }
    await sleep(PASS_AGAIN_AFTER_MS)
  }
}

/** Forbidding it at once would read the whole table under a lock that readers wait for. */
async function forbidNull(runner: QueryRunner, table: string): Promise<void> {
  const check = `${table}_visibility_check`
  await atOnce(runner, [
    `alter table presence_privacy.${table} drop constraint if exists ${check}`,
    `alter table presence_privacy.${table} add constraint ${check} check (visibility is not null) not valid`,
  ])
  await runner.query(`alter table presence_privacy.${table} validate constraint ${check}`)
  await atOnce(runner, [
    `alter table presence_privacy.${table} alter column visibility set not null`,
    `alter table presence_privacy.${table} drop constraint ${check}`,
  ])
}

/** What a read needs of pairs stands in the indexes themselves, so it fetches no row of the table. */
async function buildPairsIndexes(runner: QueryRunner): Promise<void> {
  const indexes = [
    { kind: 'unique index', name: 'pairs_next_key_idx', condition: '' },
    { kind: 'index', name: 'pairs_next_contacts_idx', condition: 'where contact_since is not null' },
  ]
  for (const { kind, name, condition } of indexes) {
    await runner.query(`drop index concurrently if exists presence_privacy.${name}`)
    await runner.query(`
      create ${kind} concurrently ${name} on presence_privacy.pairs (watcher_id, presentity_id)
        include (visibility) ${condition}`)
  }
}

const TAKE_NEXT_INDEXES = [
  `alter table presence_privacy.pairs
    drop constraint pairs_pkey,
    add constraint pairs_pkey primary key using index pairs_next_key_idx`,
  `drop index presence_privacy.pairs_contacts_idx`,
  `alter index presence_privacy.pairs_next_contacts_idx rename to pairs_contacts_idx`,
]

/** In one transaction, which holds its locks for a moment. */
async function atOnce(runner: QueryRunner, statements: readonly string[]): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await runner.startTransaction()
    try {
      await runner.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`)
      for (const statement of statements) await runner.query(statement)
      await runner.commitTransaction()
      return
    } catch (error) {
      await runner.rollbackTransaction()
      if ((error as { readonly code?: unknown }).code !== LOCK_NOT_AVAILABLE || attempt === LOCK_ATTEMPTS)
        throw error
    }
    await sleep(LOCK_TIMEOUT_MS)
  }
}

async function numberIn(runner: QueryRunner, query: string): Promise<number> {
  const [row] = (await runner.query(query)) as Record<string, string>[]
  return Number(Object.values(row ?? {})[0])
}
