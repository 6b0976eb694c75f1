import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { errorCode, TrothError } from './errors.ts';
import { migrations } from './migrations/index.ts';
import type { Database } from './schema.ts';

/**
 * Brings the tables up to date, each migration once. Several processes may try at once: one does it, the others wait.
 * @throws TrothError `database-newer` when a later Troth has been here, `migration-failed`
 */
export async function migrate(db: Kysely<Database>, progress: (line: string) => void = () => {}): Promise<void> {
  const missing = await unapplied(db);
  if (missing.length === 0) return;
  progress(`bringing the tables up to date (${missing.length})`);
  const { error, results = [] } = await migrator(db).migrateToLatest();
  if (error === undefined) return;
  const name = results.find((result) => result.status === 'Error')?.migrationName ?? 'the first';
  throw new TrothError(
    'migration-failed',
    `expected migration ${name} to go through; it failed (${errorCode(error)})`,
    {
      hint: 'nothing of it was kept; the database is as before',
      cause: error,
    },
  );
}

/**
 * Checks that the tables are those of this version, without changing them.
 * @throws TrothError `database-newer`, `database-older`
 */
export async function checkMigrated(db: Kysely<Database>): Promise<void> {
  const missing = await unapplied(db);
  if (missing.length === 0) return;
  throw new TrothError(
    'database-older',
    `expected a database with ${missing.length} more migrations, from ${missing[0]} on`,
    {
      hint: 'start the server of this version once: it brings them up to date',
    },
  );
}

function migrator(db: Kysely<Database>): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => migrations } });
}

/** The names of the migrations that the database has not seen yet. */
async function unapplied(db: Kysely<Database>): Promise<string[]> {
  const applied = await appliedNames(db);
  const unknown = applied.filter((name) => !(name in migrations));
  if (unknown.length > 0) {
    throw new TrothError(
      'database-newer',
      `expected a database of this version or older; it has seen the later migration ${unknown[0]}`,
      {
        hint: 'start it with the version of Troth that last served it, or a newer one',
      },
    );
  }
  return Object.keys(migrations).filter((name) => !applied.includes(name));
}

async function appliedNames(db: Kysely<Database>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return [];
  const rows = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .execute();
  return rows.map((row) => row.name);
}
