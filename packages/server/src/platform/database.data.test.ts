import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkMigrated, migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { emptyDatabase, freshDatabase, type TestDatabase } from './testing/database.ts';

describe('a fresh database', () => {
  let own: TestDatabase;
  let other: TestDatabase;
  beforeAll(async () => {
    [own, other] = await Promise.all([freshDatabase(), freshDatabase()]);
  });
  afterAll(async () => {
    await Promise.all([own.drop(), other.drop()]);
  });

  it('has the tables and no rows, and is nobody else’s', async () => {
    await own.db
      .insertInto('people')
      .values({
        person_id: crypto.randomUUID(),
        kind: 'member',
        consent_epoch: 0,
        born_at: new Date(),
        erased_at: null,
      })
      .execute();
    expect(await own.db.selectFrom('people').selectAll().execute()).toHaveLength(1);
    expect(await other.db.selectFrom('people').selectAll().execute()).toHaveLength(0);
    await checkMigrated(own.db);
  });

  it('keeps times to the millisecond', async () => {
    const born_at = new Date('2026-11-22T10:11:12.123Z');
    const person_id = crypto.randomUUID();
    await own.db
      .insertInto('people')
      .values({ person_id, kind: 'staff', consent_epoch: 0, born_at, erased_at: null })
      .execute();
    const row = await own.db
      .selectFrom('people')
      .selectAll()
      .where('person_id', '=', person_id)
      .executeTakeFirstOrThrow();
    expect(row.born_at).toEqual(born_at);
  });
});

describe('migrations', () => {
  it('are applied once when several processes start at the same time', async () => {
    const empty = await emptyDatabase();
    try {
      await expect(checkMigrated(empty.db)).rejects.toMatchObject({ code: 'database-older' });
      await Promise.all([migrate(empty.db), migrate(empty.db), migrate(empty.db)]);
      await checkMigrated(empty.db);
      const { rows } = await empty.pool.query('select name from kysely_migration order by name');
      expect(rows.map((row) => row.name)).toEqual(Object.keys(migrations));
    } finally {
      await empty.drop();
    }
  });

  it('are refused on a database that a later version has changed', async () => {
    const later = await freshDatabase();
    try {
      await later.pool.query("insert into kysely_migration values ('9999-later', '2030-01-01')");
      await expect(migrate(later.db)).rejects.toMatchObject({ code: 'database-newer' });
    } finally {
      await later.drop();
    }
  });
});
