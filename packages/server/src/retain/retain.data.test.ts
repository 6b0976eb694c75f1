import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { checkMigrated } from '../platform/migrate.ts';
import { emptyDatabase, freshDatabase, type TestDatabase } from '../platform/testing/database.ts';
import { compareStores, openKeyring } from '../vault/index.ts';
import { backup, checkBackup, restore } from './index.ts';

const MOMENT = new Date('2026-11-22T09:10:11.987Z');
const INSTALLATION = randomUUID();
const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

let dir: string;
let house: TestDatabase;
beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), 'troth-retain-'))));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
beforeEach(async () => void (house = await freshDatabase()));
afterEach(() => house.drop());

const newFile = (): string => join(dir, randomUUID());
const backUp = (file = newFile()): Promise<string> =>
  backup({ pool: house.pool, file, installation: INSTALLATION, version: '0.1.0', madeAt: MOMENT }).then(() => file);
const restoreInto = (
  target: TestDatabase,
  file: string,
  afterRestore = async (): Promise<void> => undefined,
): ReturnType<typeof restore> =>
  restore({ file, db: target.db, pool: target.pool, installation: INSTALLATION, afterRestore });

/** People with values that are hard to carry: text with separators, arrays with quotes, bytes, nulls, times. */
async function furnish(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  const policy = hash('policy');
  const people = ids.map((person_id) => ({
    person_id,
    kind: 'member' as const,
    consent_epoch: 1,
    born_at: MOMENT,
    erased_at: null,
  }));
  const records = ids.map((person_id) => ({
    person_id,
    record_id: randomUUID(),
    service: 'registration',
    field: 'email_address',
    case_id: null,
    version: 1,
    clause: 'c-1',
    purposes: ['a', 'with "quotes", {braces} and \\', ''],
    policy,
    collected_at: MOMENT,
    envelope: randomBytes(234),
    entry_id: '1',
  }));
  const consents = ids.map((person_id) => ({
    person_id,
    consent_id: randomUUID(),
    kind: 'consent' as const,
    about: 'marketing',
    recipients: [],
    clause: 'c-2',
    policy,
    policy_version: '1',
    words: 'Ja,\n\u2028 "gerne"\t好的 \\N',
    language: 'de',
    answer: 'given' as const,
    at: MOMENT,
    by: 'person' as const,
    salt: randomBytes(16),
    entry_id: '2',
  }));
  await house.db.insertInto('people').values(people).execute();
  await house.db.insertInto('records').values(records).execute();
  await house.db.insertInto('consents').values(consents).execute();
  await house.db
    .insertInto('ledger_entries')
    .values(ids.map(() => ({ idx: null, body: randomBytes(40) })))
    .execute();
  await house.db
    .insertInto('sessions')
    .values({ person_id: ids[0]!, token_hash: hash('s'), kind: 'member', created_at: MOMENT, expires_at: MOMENT })
    .execute();
  await house.db
    .insertInto('policy_versions')
    .values({
      policy_id: 'p',
      version: '1',
      hash: policy,
      source: '# Policy\n\nText',
      published_at: MOMENT,
      entry_id: '1',
    })
    .execute();
  await house.db
    .insertInto('ledger_checkpoints')
    .values({ size: '9', root: hash('r'), note: 'origin\n9\nroot\n\n— sig\n', at: MOMENT })
    .execute();
  return ids;
}

const TABLES = [
  'people',
  'records',
  'consents',
  'ledger_entries',
  'policy_versions',
  'ledger_checkpoints',
  'sessions',
] as const;
async function contents(database: TestDatabase): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  for (const table of TABLES) all[table] = (await database.pool.query(`select * from ${table} order by 1, 2`)).rows;
  return all;
}

describe('a backup', () => {
  test('comes back as it was into an empty database, without the sessions, and counts on', async () => {
    const ids = await furnish(450);
    await house.db.deleteFrom('ledger_entries').where('id', '=', '450').execute();
    const file = await backUp();
    const target = await emptyDatabase();
    const { rows, manifest } = await restoreInto(target, file);
    const [before, after] = [await contents(house), await contents(target)];
    expect(after).toEqual({ ...before, sessions: [] });
    expect(before['records']).toHaveLength(ids.length);
    expect(rows).toBe(450 * 4 - 1 + 2);
    expect(manifest).toMatchObject({
      madeAt: MOMENT.toISOString(),
      policies: [{ id: 'p', version: '1' }],
      checkpoint: { size: '9' },
      leftOut: ['sessions'],
    });
    const next = await target.db
      .insertInto('ledger_entries')
      .values({ idx: null, body: Buffer.alloc(1) })
      .returning('id')
      .executeTakeFirstOrThrow();
    expect(next.id).toBe('451');
    await checkMigrated(target.db);
    await target.drop();
  });

  test('shows one moment, whatever is written while it reads, and is for its owner alone', async () => {
    await furnish(2);
    const person_id = randomUUID();
    const file = newFile();
    // The backup has read the cases and waits for the people, while a person and a case come in together.
    const done = await house.db
      .transaction()
      .execute(async (trx) => {
        await sql`lock table people in access exclusive mode`.execute(trx);
        const running = backup({
          pool: house.pool,
          file,
          installation: INSTALLATION,
          version: '0.1.0',
          madeAt: MOMENT,
        });
        const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        while ((await house.pool.query(waiting)).rowCount === 0) await wait(20);
        await trx
          .insertInto('people')
          .values({ person_id, kind: 'member', consent_epoch: 0, born_at: MOMENT, erased_at: null })
          .execute();
        await trx
          .insertInto('cases')
          .values({
            person_id,
            case_id: randomUUID(),
            service: 's',
            channel: 'web',
            mailbox: 'm',
            state: 'received',
            opened_at: MOMENT,
            changed_at: MOMENT,
          })
          .execute();
        return { running };
      })
      .then(({ running }) => running);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(done.bytes).toBe(statSync(file).size);
    expect(gunzipSync(readFileSync(file)).toString()).not.toContain(person_id);
    expect((await contents(house))['people']).toHaveLength(3);
    await expect(backUp(file)).rejects.toMatchObject({ code: 'backup-file-exists' });
  });

  test('that fails leaves no file', async () => {
    const file = newFile();
    await house.pool.query('drop table policy_versions');
    await expect(backUp(file)).rejects.toMatchObject({ code: 'backup-failed' });
    expect(existsSync(file)).toBe(false);
    await expect(backUp(join(dir, 'no', 'folder'))).rejects.toMatchObject({ code: 'backup-failed' });
  });

  test('that was shortened, changed, prolonged, or is none, is found before anything is restored', async () => {
    await furnish(3);
    const good = gunzipSync(readFileSync(await backUp())).toString();
    const before = await contents(house);
    const lines = good.trimEnd().split('\n');
    const variants: [string, string | Buffer][] = [
      ['backup-damaged', lines.slice(0, -1).join('\n') + '\n'],
      ['backup-damaged', good.slice(0, -20)],
      ['backup-damaged', good.replace('"member"', '"staff"')],
      ['backup-damaged', lines.toSpliced(4, 1).join('\n') + '\n'],
      ['backup-damaged', good + '["more"]\n'],
      ['backup-damaged', good.replace(',"1",', ',')],
      ['backup-invalid', good.replace('troth-backup/1', 'troth-backup/9')],
      ['backup-invalid', '{}\n'],
      ['backup-invalid', ''],
    ];
    for (const [code, text] of variants) {
      const file = newFile();
      writeFileSync(file, gzipSync(text));
      await expect(restoreInto(house, file)).rejects.toMatchObject({ code });
    }
    const raw = newFile();
    for (const bytes of [randomBytes(1_000), readFileSync(await backUp()).subarray(0, 700), Buffer.alloc(0)]) {
      writeFileSync(raw, bytes);
      await expect(checkBackup(raw)).rejects.toMatchObject({ code: 'backup-invalid' });
    }
    await expect(checkBackup(newFile())).rejects.toMatchObject({ code: 'backup-missing' });
    await expect(checkBackup(dir)).rejects.toMatchObject({ code: 'backup-invalid' });
    expect(await contents(house)).toEqual(before);
  });
});

describe('a restore', () => {
  test('replaces what is there, and is undone as a whole when what follows it fails', async () => {
    await furnish(5);
    const file = await backUp();
    const then = await contents(house);
    await house.db.deleteFrom('records').execute();
    const now = await contents(house);
    const fails = async (): Promise<never> => {
      throw new Error('the replay of erasures failed');
    };
    await expect(restoreInto(house, file, fails)).rejects.toMatchObject({ code: 'restore-failed' });
    expect(await contents(house)).toEqual(now);
    await restoreInto(house, file);
    expect(await contents(house)).toEqual({ ...then, sessions: [] });
    await expect(house.db.updateTable('consents').set({ answer: 'refused' }).execute()).rejects.toThrow(/append-only/u);
  });

  test('erases, before anyone can see them, whom the keyring knows as erased', async () => {
    const keyring = await openKeyring({ dir: mkdtempSync(join(dir, 'keyring-')) });
    const [jane, john, unknown] = (await furnish(3)) as [string, string, string];
    const unborn = randomUUID();
    for (const person of [jane, john, unborn]) await keyring.birth(person, 'member');
    const file = await backUp();
    await keyring.erase(jane, MOMENT);
    const seen: Record<string, string> = {};
    await restore({
      file,
      db: house.db,
      pool: house.pool,
      installation: INSTALLATION,
      afterRestore: async (trx) => {
        for await (const { person, what } of compareStores(trx, keyring)) {
          seen[person] = what;
          if (what === 'erased') await trx.deleteFrom('records').where('person_id', '=', person).execute();
        }
      },
    });
    expect(seen).toEqual({ [jane]: 'erased', [unknown]: 'keyless', [unborn]: 'rowless' });
    expect((await contents(house))['records']?.length).toBe(2);
    await house.db.updateTable('people').set({ erased_at: MOMENT }).where('person_id', '=', john).execute();
    expect(await Array.fromAsync(compareStores(house.db, keyring))).toContainEqual({ person: john, what: 'revived' });
    await keyring.close();
  });

  test('is refused while others work on the records, for another house, and for a later version', async () => {
    await furnish(1);
    const file = await backUp();
    const server = new pg.Client({ connectionString: house.url });
    await server.connect();
    await expect(restoreInto(house, file)).rejects.toMatchObject({ code: 'records-in-use' });
    await server.end();
    const elsewhere = {
      file,
      db: house.db,
      pool: house.pool,
      installation: randomUUID(),
      afterRestore: async () => undefined,
    };
    await expect(restore(elsewhere)).rejects.toMatchObject({ code: 'backup-foreign' });
    await house.pool.query("insert into kysely_migration values ('9999-later', '2030')");
    await expect(restoreInto(house, await backUp())).rejects.toMatchObject({ code: 'backup-newer' });
  });

  test('leaves a database alone that is not ours', async () => {
    await furnish(1);
    const file = await backUp();
    const target = await emptyDatabase();
    await target.pool.query('create table orders (id int)');
    await expect(restoreInto(target, file)).rejects.toMatchObject({ code: 'records-not-ours' });
    await target.pool.query('select from orders');
    await target.drop();
  });
});
