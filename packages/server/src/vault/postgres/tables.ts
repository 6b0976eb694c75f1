import type { PoolClient } from 'pg';

/** All tables of the keyring stand in a schema of their own. */
export const SCHEMA = 'troth_keyring';

/** Any number, the same for all: one process at a time makes tables. */
const LOCK = 0x74726f74;

/** Each step of the tables, in order; a landed step is never changed. The tables are those of the SQLite home. */
const STEPS = [
  `create table troth_keyring.charter (
     one integer primary key check (one = 1), format integer not null, installation text not null, root_check bytea not null
   );
   create table troth_keyring.epochs (
     epoch integer primary key, wrapped bytea not null, wrapped_index_key bytea not null, made_at timestamptz(3) not null
   );
   create table troth_keyring.keys (
     person uuid primary key, kind text not null, epoch integer not null references troth_keyring.epochs,
     wrapped bytea not null, born_at timestamptz(3) not null
   );
   create index keys_by_epoch on troth_keyring.keys (epoch);
   create table troth_keyring.tombstones (person uuid primary key, at timestamptz(3) not null);
   create table troth_keyring.indexes (
     person uuid not null references troth_keyring.keys on delete cascade, kind text not null, value bytea not null,
     primary key (person, kind), unique (kind, value)
   );
   create table troth_keyring.credentials (
     person uuid primary key references troth_keyring.keys on delete cascade, kind text not null, hash text not null
   );
   create table troth_keyring.tokens (
     hash bytea primary key, purpose text not null, person uuid not null references troth_keyring.keys on delete cascade,
     expires_at timestamptz(3) not null, sealed bytea
   );
   create index tokens_by_person on troth_keyring.tokens (person);
   create index tokens_by_expiry on troth_keyring.tokens (expires_at);`,
];

/** Takes the steps that are missing, inside the caller's transaction. */
export async function takeSteps(client: PoolClient): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
  await client.query(`create schema if not exists ${SCHEMA}`);
  await client.query(`create table if not exists ${SCHEMA}.steps (step integer primary key)`);
  const { rows } = await client.query<{ taken: number }>(`select count(*)::int as taken from ${SCHEMA}.steps`);
  const taken = rows[0]?.taken ?? 0;
  for (const [index, step] of STEPS.entries()) {
    if (index < taken) continue;
    await client.query(step);
    await client.query(`insert into ${SCHEMA}.steps values ($1)`, [index + 1]);
  }
}
