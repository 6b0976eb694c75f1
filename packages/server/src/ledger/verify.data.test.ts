import { randomBytes, randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { signCheckpoint } from './checkpoint.ts';
import { personDigest, recordDigest } from './digest.ts';
import { leafHash } from './merkle.ts';
import { parseSigner, signerText } from './note.ts';
import { ledgerHouse, type LedgerHouse } from './testing/house.ts';

let house: LedgerHouse;
beforeEach(async () => {
  house = await ledgerHouse();
});
afterEach(() => house.close());

const verify = async (withMirror = true) => {
  const verdict = await house.ledger.verify(withMirror ? {} : { mirrorDir: undefined });
  expect(verdict.ok).toBe(verdict.findings.length === 0);
  return verdict.findings;
};
const codes = async (withMirror = true) => (await verify(withMirror)).map(({ code }) => code);
const run = (statement: string, ...values: unknown[]) => house.pool.query(statement, values);

/** Three records, two consents, a policy: entries 0 to 5. */
async function fill() {
  await house.publish('1');
  const records = [await house.record(), await house.record(), await house.record()];
  const consents = [await house.consent(), await house.consent()];
  await house.ledger.flush();
  expect(await verify()).toEqual([]);
  return { records, consents };
}

describe('a row that was', () => {
  it('never touched is found good, waiting entries included', async () => {
    await fill();
    await house.record();
    const verdict = await house.ledger.verify();
    expect(verdict).toMatchObject({
      ok: true,
      size: 6,
      mirrored: 6,
      waiting: 1,
      rows: { records: 4, consents: 2, policy_versions: 1 },
    });
  });

  it.each([
    [`set envelope = '\\x00'`],
    [`set field = 'telephone'`],
    [`set case_id = gen_random_uuid()`],
    [`set version = 2`],
    [`set clause = 'mic-06'`],
    [`set purposes = '{marketing}'`],
    [`set policy = sha256('x')`],
    [`set collected_at = collected_at + interval '1 millisecond'`],
    [`set service = 'question'`],
  ])('edited in records is named: %s', async (change) => {
    const { records } = await fill();
    const { row, person } = records[1]!;
    await run(`update records ${change} where record_id = $1`, row);
    expect(await verify()).toMatchObject([
      { code: 'row-edited', table: 'records', rowId: row, personId: person, entry: 2 },
    ]);
  });

  it('edited in consents is named', async () => {
    const { consents } = await fill();
    await run('alter table consents disable trigger user');
    await run(`update consents set answer = 'given' where consent_id = $1`, consents[0]!.row);
    expect(await verify()).toMatchObject([
      { code: 'row-edited', table: 'consents', rowId: consents[0]!.row, field: 'marketing', entry: 4 },
    ]);
  });

  it('edited in policy_versions is named', async () => {
    await fill();
    await run(`update policy_versions set source = '# Other'`);
    expect(await verify()).toMatchObject([
      { code: 'row-edited', table: 'policy_versions', rowId: 'made-in-china@1', entry: 0 },
    ]);
  });

  it('removed is told with its entry, its field and whose it was', async () => {
    const { records, consents } = await fill();
    await run('delete from records where record_id = $1', records[2]!.row);
    await run('delete from consents where consent_id = $1', consents[1]!.row);
    const findings = await verify();
    expect(findings).toHaveLength(2);
    expect(findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          code: 'row-missing',
          table: 'records',
          entry: 3,
          field: 'email_address',
          personId: records[2]!.person,
        }),
        expect.objectContaining({ code: 'row-missing', table: 'consents', entry: 5 }),
      ]),
    );
  });

  it('slipped in without an entry is named', async () => {
    const { records } = await fill();
    const forged = randomUUID();
    await run(
      `insert into records select person_id, $1, service, 'telephone', case_id, version, clause, purposes, policy, collected_at, envelope, entry_id
      from records where record_id = $2`,
      forged,
      records[0]!.row,
    );
    expect(await verify()).toMatchObject([
      { code: 'row-unbound', table: 'records', rowId: forged, field: 'telephone' },
    ]);
  });

  it('made to name another entry is named', async () => {
    const { records } = await fill();
    await run('update records set entry_id = $1 where record_id = $2', records[1]!.entry, records[0]!.row);
    expect(await verify()).toMatchObject([{ code: 'row-points-elsewhere', rowId: records[0]!.row, entry: 1 }]);
  });

  it('dropped from the ledger and put back is named', async () => {
    const { records } = await fill();
    await house.entry([{ table: 'records', op: 'drop', before: records[0]!.digest }], { kind: 'sweep' });
    expect(await verify()).toMatchObject([{ code: 'row-revived', rowId: records[0]!.row }]);
    await run('delete from records where record_id = $1', records[0]!.row);
    expect(await verify()).toEqual([]);
  });

  it('replaced twice is good in whichever order the two entries came to stand', async () => {
    const { records } = await fill();
    const { digest, row } = records[0]!;
    const stored = await house.db
      .selectFrom('records')
      .selectAll()
      .where('record_id', '=', row)
      .executeTakeFirstOrThrow();
    const [second, third] = [2, 3].map((version) => ({ ...stored, version, envelope: randomBytes(60) }));
    const late = await house.entry(
      [{ table: 'records', op: 'replace', before: recordDigest(second!), after: recordDigest(third!) }],
      { kind: 'change' },
    );
    await house.entry([{ table: 'records', op: 'replace', before: digest, after: recordDigest(second!) }], {
      kind: 'change',
    });
    await house.db
      .updateTable('records')
      .set({ ...third!, entry_id: late })
      .where('record_id', '=', row)
      .execute();
    await house.ledger.flush();
    expect(await verify()).toEqual([]);
  });

  it('dropped though nobody put it is told', async () => {
    await house.entry([{ table: 'records', op: 'drop', before: randomBytes(32) }], { kind: 'sweep' });
    await house.ledger.flush();
    expect(await codes()).toEqual(['drop-unknown']);
  });
});

describe('an entry that was', () => {
  const other = () => run(`update ledger_entries set body = overlay(body placing '\\x000000' from 60) where idx = 2`);

  it('edited is named, with and without the mirror', async () => {
    await fill();
    await other();
    expect(await verify()).toMatchObject([{ code: 'entry-edited', table: 'ledger_entries', entry: 2 }]);
    expect(await verify(false)).toMatchObject([{ code: 'entry-edited', entry: 2 }]);
  });

  it('made unreadable is named', async () => {
    await fill();
    await run(`update ledger_entries set body = '\\x01' where idx = 0`);
    expect(await codes()).toEqual(['entry-unreadable', 'entry-edited', 'row-unbound']);
  });

  it('exchanged with another is named', async () => {
    await fill();
    await run(`update ledger_entries set idx = case idx when 1 then -1 else -3 end where idx in (1, 3)`);
    await run(`update ledger_entries set idx = case idx when -1 then 3 else 1 end where idx < 0`);
    expect((await verify()).filter(({ code }) => code === 'entry-moved').map(({ entry }) => entry)).toEqual([1, 3]);
  });

  it('removed is named, and so is the row that it bound', async () => {
    const { records } = await fill();
    await run('delete from ledger_entries where idx in (1, 2)');
    const findings = await verify();
    expect(findings[0]).toMatchObject({
      code: 'entry-missing',
      entry: 1,
      message: 'entries 1 to 2 are gone from the database',
    });
    const unbound = findings.filter(({ code }) => code === 'row-unbound').map(({ rowId }) => rowId);
    // Each of the two entries had bound a record and its own opening.
    expect(new Set(unbound)).toEqual(new Set(records.slice(0, 2).flatMap(({ row, entry }) => [row, entry])));
    expect(findings).toHaveLength(5);
  });

  it('slipped in behind the checkpoint is named', async () => {
    await fill();
    await run(`insert into ledger_entries (idx, body) select 6, body from ledger_entries where idx = 1`);
    expect(await codes()).toContain('entry-beyond-checkpoint');
  });

  it('edited together with its tile is found by the signature, and by the mirror named', async () => {
    await fill();
    await other();
    const { rows } = await run('select body from ledger_entries order by idx');
    await run(
      'update ledger_tiles set data = $1 where level = 0',
      Buffer.concat(rows.map(({ body }) => leafHash(body))),
    );
    expect(await codes(false)).toEqual(['checkpoint-root']);
    expect(await verify()).toMatchObject([{ code: 'entry-edited', entry: 2 }]);
  });
});

describe('a tree that was', () => {
  it('edited in a tile is told apart from an edited entry', async () => {
    await fill();
    await run(`update ledger_tiles set data = overlay(data placing '\\xffff' from 33) where level = 0`);
    expect(await verify()).toMatchObject([{ code: 'tile-edited', table: 'ledger_tiles', rowId: '0/0', entry: 1 }]);
    await run(`delete from ledger_tiles`);
    expect(await codes()).toEqual(['tile-missing']);
    await run(`insert into ledger_tiles values (0, 9, ''), (3, 0, '')`);
    expect((await codes()).sort()).toEqual(['tile-missing', 'tile-unexpected', 'tile-unexpected']);
  });

  it('edited in an upper tile is told', async () => {
    const bodies = Array.from({ length: 600 }, (_, i) => Buffer.from(`e${i}`));
    const sealed = bodies.map((body) => ({ body, seal: house.ledger.sealer.seal(body) }));
    await house.db.insertInto('ledger_entries').values(sealed).execute();
    await house.ledger.flush();
    const known = (await codes()).length;
    expect(await codes()).toEqual(Array(known).fill('entry-unreadable'));
    await run(`update ledger_tiles set data = overlay(data placing '\\xffff' from 1) where level = 1`);
    expect((await verify()).find(({ code }) => code === 'tile-edited')).toMatchObject({ rowId: '1/0' });
  });

  it('signed by another key is not believed', async () => {
    await fill();
    const foreign = parseSigner(signerText('troth.test/ledger', randomBytes(32)));
    const { size, root } = (await house.ledger.checkpoint())!;
    await run('update ledger_checkpoints set note = $1 where size = 6', signCheckpoint(size, root, foreign).note);
    expect(await verify()).toMatchObject([
      { code: 'checkpoint-signature', table: 'ledger_checkpoints', rowId: '6' },
      { code: 'rolled-back' },
    ]);
    await expect(house.ledger.checkpoint()).rejects.toMatchObject({ code: 'ledger-bad-signature' });
    await expect(house.reopen()).rejects.toMatchObject({ code: 'ledger-key-foreign' });
  });

  it('given another root is not believed', async () => {
    await fill();
    await run(`update ledger_checkpoints set root = sha256('x') where size = 6`);
    expect((await codes())[0]).toBe('checkpoint-signature');
  });

  it('robbed of its checkpoints is told', async () => {
    await fill();
    await run('delete from ledger_checkpoints');
    const found = await codes(false);
    expect(found[0]).toBe('checkpoint-missing');
    expect(found).toContain('entry-beyond-checkpoint');
  });
});

describe('an opening or a person that was', () => {
  it('edited, removed, or moved to another entry is named', async () => {
    const { records } = await fill();
    const [one, other] = [records[0]!, records[1]!];
    const set = `update ledger_openings set sealed = $2 where entry_id = $1`;
    const { sealed } = await house.db
      .selectFrom('ledger_openings')
      .select('sealed')
      .where('entry_id', '=', one.entry)
      .executeTakeFirstOrThrow();
    await run(set, one.entry, Buffer.from('edited'));
    expect(await verify()).toMatchObject([{ code: 'row-edited', table: 'ledger_openings', rowId: one.entry }]);
    await run('delete from ledger_openings where entry_id = $1', one.entry);
    expect(await verify()).toMatchObject([{ code: 'row-missing', table: 'ledger_openings' }]);
    await run('insert into ledger_openings values ($1, $2, $3)', one.person, one.entry, sealed);
    expect(await verify()).toEqual([]);
    await run('update ledger_openings set entry_id = 999999 where entry_id = $1', other.entry);
    expect((await verify())[0]).toMatchObject({ table: 'ledger_openings', personId: other.person });
  });

  it('erased, changed, or slipped in by hand is named', async () => {
    const born = new Date('2026-11-22T08:00:00.123Z');
    const row = { person_id: randomUUID(), kind: 'member' as const, born_at: born, erased_at: null };
    const entry = await house.entry([{ table: 'people', op: 'put', after: personDigest(row) }]);
    await house.db
      .insertInto('people')
      .values({ ...row, consent_epoch: 0, entry_id: entry })
      .execute();
    await house.ledger.flush();
    expect(await verify()).toEqual([]);
    for (const change of [`erased_at = now()`, `kind = 'staff'`, `born_at = now()`]) {
      await run(`update people set ${change}`);
      expect(await verify(), change).toMatchObject([{ code: 'row-edited', table: 'people', rowId: row.person_id }]);
      await run('update people set erased_at = null, kind = $1, born_at = $2', row.kind, born);
    }
    // An answer moves the epoch, and is no edit.
    await run('update people set consent_epoch = 7');
    expect(await verify()).toEqual([]);
    await run('update people set entry_id = null');
    expect(await verify()).toMatchObject([{ code: 'row-missing', table: 'people' }]);
  });
});

describe('an entry that a stranger put in the queue', () => {
  it('is neither placed nor signed, and excuses no removed row', async () => {
    const { consents } = await fill();
    const size = (await house.ledger.checkpoint())!.size;
    const id = await house.entry([{ table: 'consents', op: 'drop', before: consents[0]!.digest }], { kind: 'sweep' });
    for (const seal of [null, Buffer.alloc(32, 1)]) {
      await house.db.updateTable('ledger_entries').set({ seal }).where('id', '=', id).execute();
      await run('delete from consents where consent_id = $1', consents[0]!.row);
      await house.ledger.flush();
      expect((await house.ledger.checkpoint())!.size).toBe(size);
      expect(await verify()).toMatchObject([
        { code: 'entry-unsealed', table: 'ledger_entries', rowId: id },
        { code: 'row-missing', table: 'consents' },
      ]);
    }
    // Those of the house behind it get their places all the same.
    await house.entry();
    await house.ledger.flush();
    expect((await house.ledger.checkpoint())!.size).toBe(size + 1);
  });
});

describe('a rollback', () => {
  /** Takes ledger, records and consents back to how they were after `fill`. */
  const rollBack = async (rows: string[]) => {
    await run(
      'delete from ledger_openings where person_id in (select person_id from records where record_id = any($1))',
      rows,
    );
    await run('delete from records where record_id = any($1)', rows);
    await run('delete from ledger_entries where idx >= 6 or idx is null');
    await run('delete from ledger_checkpoints where size > 6');
    await run('update ledger_tiles set data = substr(data, 1, 192) where level = 0');
  };

  it('is told by the mirror alone, and nothing is signed on top of it', async () => {
    await fill();
    const late = [await house.record(), await house.record()];
    await house.ledger.flush();
    await rollBack(late.map(({ row }) => row));
    expect(await verify(false)).toEqual([]);
    expect(await verify()).toMatchObject([
      {
        code: 'rolled-back',
        entry: 6,
        message: 'the database ends at 6 entries, its mirror at 8: entries 6 to 7 are gone',
      },
    ]);
    await house.record();
    await expect(house.ledger.flush()).rejects.toMatchObject({ code: 'ledger-rolled-back' });
    await expect((await house.reopen()).start()).rejects.toMatchObject({ code: 'ledger-rolled-back' });
    expect((await house.ledger.checkpoint())!.size).toBe(6);
  });

  it('that was grown again by a thief of the key is a fork', async () => {
    await fill();
    const late = [await house.record(), await house.record()];
    await house.ledger.flush();
    await rollBack(late.map(({ row }) => row));
    const thief = await house.reopen(house.secretsDir, join(house.mirrorDir, '../thief'));
    await Promise.all([house.record(), house.record(), house.record()]);
    await thief.flush();
    expect(await verify(false)).toEqual([]);
    expect(await codes()).toContain('forked');
    await expect(house.ledger.flush()).rejects.toMatchObject({ code: 'ledger-forked' });
  });
});

describe('the mirror', () => {
  it('that was edited, cut, or taken away is told', async () => {
    await fill();
    const bundle = join(house.mirrorDir, 'tile/entries/000.p/6');
    const bytes = await readFile(bundle);
    await writeFile(bundle, bytes.with(70, bytes[70]! ^ 1));
    expect(await codes()).toEqual(['mirror-edited']);
    await rm(bundle);
    expect(await codes()).toEqual(['mirror-file-missing']);
    await writeFile(bundle, bytes);
    const tile = join(house.mirrorDir, 'tile/0/000.p/6');
    const hashes = await readFile(tile);
    await writeFile(tile, hashes.with(40, hashes[40]! ^ 1));
    expect(await verify()).toMatchObject([{ code: 'mirror-edited', entry: 1 }]);
    await writeFile(tile, hashes);
    const note = await readFile(join(house.mirrorDir, 'checkpoint'), 'utf8');
    await writeFile(join(house.mirrorDir, 'checkpoint'), note.replace('\n6\n', '\n7\n'));
    expect((await codes())[0]).toBe('mirror-signature');
    await rm(join(house.mirrorDir, 'checkpoint'));
    expect(await codes()).toEqual(['mirror-missing']);
  });
});

describe('a verdict', () => {
  it('lists as many findings as asked, and counts the rest', async () => {
    for (let i = 0; i < 12; i += 1) await house.record();
    await house.ledger.flush();
    await sql`update records set version = 9`.execute(house.db);
    expect(await house.ledger.verify({ limit: 5 })).toMatchObject({ ok: false, findings: { length: 5 }, unlisted: 7 });
  });
});
