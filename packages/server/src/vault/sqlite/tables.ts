import type { DatabaseSync } from 'node:sqlite';

/**
 * Each step of the tables, in order; the file's `user_version` counts those that were taken. A landed step is never changed.
 * Whatever belongs to a person hangs on the person's key, so that nothing can be added to a person who is gone.
 */
const STEPS = [
  `create table charter (
     one integer primary key check (one = 1), format integer not null, installation text not null, root_check blob not null
   ) strict;
   create table epochs (
     epoch integer primary key, wrapped blob not null, wrapped_index_key blob not null, made_at integer not null
   ) strict;
   create table keys (
     person text primary key, kind text not null, epoch integer not null references epochs, wrapped blob not null,
     born_at integer not null
   ) strict, without rowid;
   create index keys_by_epoch on keys (epoch);
   create table tombstones (person text primary key, at integer not null) strict, without rowid;
   create table indexes (
     person text not null references keys on delete cascade, kind text not null, value blob not null,
     primary key (person, kind), unique (kind, value)
   ) strict, without rowid;
   create table credentials (
     person text primary key references keys on delete cascade, kind text not null, hash text not null
   ) strict, without rowid;
   create table tokens (
     hash blob primary key, purpose text not null, person text not null references keys on delete cascade,
     expires_at integer not null, sealed blob
   ) strict, without rowid;
   create index tokens_by_person on tokens (person);
   create index tokens_by_expiry on tokens (expires_at);`,
];

/**
 * What every connection to the file must be set to. `secure_delete` overwrites what is deleted with zeros; a truncated rollback
 * journal holds no copy after the commit, which a write-ahead log would; FULL brings each commit to the disk.
 */
export const PRAGMAS = `pragma busy_timeout = 10000; pragma journal_mode = truncate; pragma synchronous = full;
  pragma secure_delete = on; pragma foreign_keys = on; pragma temp_store = memory;`;

/** Takes the steps that are missing, inside the caller's transaction. */
export function takeSteps(database: DatabaseSync): void {
  const taken = Number(Object.values(database.prepare('pragma user_version').get() ?? {})[0]);
  for (const step of STEPS.slice(taken)) database.exec(step);
  database.exec(`pragma user_version = ${STEPS.length}`);
}
