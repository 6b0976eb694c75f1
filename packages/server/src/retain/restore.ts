import { setTimeout as wait } from 'node:timers/promises';
import { sql, type Kysely, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Pool } from 'pg';
import { TrothError, errorCode } from '../platform/errors.ts';
import { migrations } from '../platform/migrations/index.ts';
import type { Database } from '../platform/schema.ts';
import type { Manifest } from './format.ts';
import { loadRows } from './load.ts';
import { checkBackup, readBackup } from './read.ts';

export interface RestoreOptions {
  file: string;
  /** The records database; the caller holds the data directory's lock, and nothing else is connected. */
  db: Kysely<Database>;
  pool: Pool;
  /** The installation id of the keyring that is there now. */
  installation: string;
  /**
   * Called in the restore's own transaction, before anyone can see the restored rows: replay erasures here, reconcile the ledger
   * here. What it throws undoes the restore.
   */
  afterRestore: (trx: Transaction<Database>, manifest: Manifest) => Promise<void>;
}

export interface RestoreDone {
  manifest: Manifest;
  rows: number;
}

/**
 * Replaces the records by those of a backup, in one transaction: whatever fails, or a power cut, leaves the records as they
 * were. The file is checked as a whole before the first change. Tables are made as they were when the backup was taken, and
 * migrated to this version afterwards.
 * @throws TrothError of `checkBackup`; `backup-foreign`, `backup-newer`, `records-in-use`, `records-not-ours`, `restore-failed`
 */
export async function restore(options: RestoreOptions): Promise<RestoreDone> {
  const manifest = await checkBackup(options.file);
  assertUsable(manifest, options);
  await assertAlone(options.pool);
  try {
    return await options.db.transaction().execute(async (trx) => {
      // A long load is meant; settings end with the transaction.
      await sql`set local statement_timeout = 0`.execute(trx);
      await sql`set local idle_in_transaction_session_timeout = 0`.execute(trx);
      await clear(trx);
      await migrateTo(trx, manifest.migrations.at(-1));
      const rows = await loadRows(trx, manifest, (await readBackup(options.file)).rows);
      await migrateTo(trx, undefined);
      await options.afterRestore(trx, manifest);
      return { manifest, rows };
    });
  } catch (cause) {
    if (cause instanceof TrothError) throw cause;
    throw new TrothError(
      'restore-failed',
      `expected to write the backup into the records; that failed (${errorCode(cause)})`,
      {
        file: options.file,
        hint: 'the records are as they were; the user of the database must own it, or its schema',
        cause,
      },
    );
  }
}

function assertUsable(manifest: Manifest, { file, installation }: RestoreOptions): void {
  if (manifest.installation !== installation) {
    throw new TrothError(
      'backup-foreign',
      'expected a backup of this installation; its values are sealed for another keyring',
      {
        file,
        hint: 'put the keyring and the root key of that installation in place first',
      },
    );
  }
  const unknown = manifest.migrations.filter((name) => !(name in migrations));
  if (unknown.length > 0) {
    throw new TrothError(
      'backup-newer',
      `expected a backup of this version or an older one; it has seen the later migration ${unknown[0]}`,
      {
        file,
        hint: `restore it with Troth ${manifest.troth} or newer`,
      },
    );
  }
}

/** A server that works on the records, on this machine or another, would go on with what it has in memory. */
async function assertAlone(pool: Pool): Promise<void> {
  for (let tries = 10; ; tries -= 1) {
    const { rows } = await pool.query<{ count: number }>(
      `select count(*)::int from pg_stat_activity where datname = current_database() and backend_type = 'client backend'`,
    );
    const others = (rows[0]?.count ?? 0) - pool.totalCount;
    if (others <= 0) return;
    if (tries === 0) {
      throw new TrothError(
        'records-in-use',
        `expected to be alone on the records database; ${others} other connections are open`,
        {
          hint: 'stop every server of this house, then restore',
        },
      );
    }
    // A connection that was just closed is still counted for a moment.
    await wait(100);
  }
}

/** Drops all tables and functions but those of extensions, if they are ours or there are none. */
async function clear(trx: Transaction<Database>): Promise<void> {
  const { rows } = await sql<{ kind: 'table' | 'routine'; name: string }>`
    select 'table' as kind, oid::regclass::text as name from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
      and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')
    union all
    select 'routine', oid::regprocedure::text from pg_proc
    where pronamespace = current_schema()::regnamespace
      and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')`.execute(trx);
  const tables = rows.filter((row) => row.kind === 'table').map((row) => row.name);
  if (tables.length > 0 && !tables.includes('kysely_migration')) {
    throw new TrothError(
      'records-not-ours',
      'expected an empty database or one of Troth; it holds tables of something else',
      {
        hint: 'give Troth a database of its own',
      },
    );
  }
  // The names come quoted from the database itself.
  for (const { kind, name } of rows) await sql.raw(`drop ${kind} if exists ${name} cascade`).execute(trx);
}

async function migrateTo(trx: Transaction<Database>, name: string | undefined): Promise<void> {
  const migrator = new Migrator({ db: trx, provider: { getMigrations: async () => migrations } });
  const { error } = name === undefined ? await migrator.migrateToLatest() : await migrator.migrateTo(name);
  if (error !== undefined) throw error;
}
