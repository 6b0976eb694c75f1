import { randomUUID } from 'node:crypto';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { POLICY, ledgerHouse, type LedgerHouse } from './testing/house.ts';
import { verifyMirror } from './verify-mirror.ts';

let house: LedgerHouse;
beforeEach(async () => {
  house = await ledgerHouse();
});
afterEach(() => house.close());

const TABLES = [
  'records',
  'consents',
  'policy_versions',
  'ledger_entries',
  'ledger_openings',
  'ledger_tiles',
  'ledger_checkpoints',
];
const by = { at: new Date('2026-11-22T12:00:00Z'), policy: POLICY };

/** Copies the tables, as a dump does; `restore` puts them back. */
async function dump() {
  for (const table of TABLES) await house.pool.query(`create table old_${table} as table ${table}`);
  return async function restore() {
    await house.pool.query('alter table consents disable trigger user');
    for (const table of TABLES) {
      await house.pool.query(`delete from ${table}`);
      await house.pool.query(
        `insert into ${table} ${table === 'ledger_entries' ? 'overriding system value ' : ''}table old_${table}`,
      );
    }
  };
}

/** A dump after 300 entries and one that waits; then more of everything, an erasure among it. */
async function story() {
  for (let i = 0; i < 300; i += 1) await house.entry();
  const [kept, gone] = [await house.record(), await house.record()];
  await house.ledger.flush();
  const waiting = await house.record();
  const restore = await dump();
  await house.ledger.flush();
  const late = [await house.record(), await house.consent()];
  await house.entry([{ table: 'records', op: 'drop', before: gone.digest }], { kind: 'sweep' });
  await house.pool.query('delete from records where record_id = $1', [gone.row]);
  for (let i = 0; i < 300; i += 1) await house.entry();
  const head = await house.ledger.flush();
  expect((await house.ledger.verify()).findings).toEqual([]);
  return { restore, head, kept, gone, waiting, late };
}

describe('after a restore of an older dump', () => {
  it('the ledger comes back whole from its mirror, and goes on as one history', async () => {
    const { restore, head, gone, late } = await story();
    const auditors = join(house.mirrorDir, '../auditor');
    await cp(house.mirrorDir, auditors, { recursive: true });
    await restore();
    const again = await house.reopen();
    await expect(again.start()).rejects.toMatchObject({ code: 'ledger-rolled-back' });

    const found = await again.reconcile(by);
    expect(found).toMatchObject({ state: 'restored', before: 302, after: head.size, unknown: [] });
    const lost = found.lost.filter(({ table }) => table !== 'ledger_openings');
    // The late record had an opening, which no mirror has.
    expect(found.lost.length - lost.length).toBe(1);
    expect(lost.map(({ digest }) => digest.toString('hex')).sort()).toEqual(
      late.map(({ digest }) => digest.toString('hex')).sort(),
    );
    expect(found.revived.map(({ rowId }) => rowId)).toEqual([gone.row]);

    const verdict = await again.verify();
    expect(verdict).toMatchObject({ ok: true, size: head.size + 1, waiting: 0 });
    const since = await readFile(join(auditors, 'checkpoint'), 'utf8');
    expect(await verifyMirror({ dir: house.mirrorDir, vkey: again.vkey, since })).toMatchObject({
      ok: true,
      size: head.size + 1,
    });

    // The erasure is replayed: the row goes again, with evidence.
    await house.entry([{ table: 'records', op: 'drop', before: gone.digest }], { kind: 'sweep' });
    await house.pool.query('delete from records where record_id = $1', [gone.row]);
    await again.start();
    await again.stop();
    expect((await again.verify()).findings).toEqual([]);
    expect(await again.reconcile(by)).toMatchObject({ state: 'same', lost: [], revived: [], unknown: [] });
  });

  it('an entry that waited in the dump keeps its id and gets the place that it was given', async () => {
    const { restore, waiting } = await story();
    await restore();
    await (await house.reopen()).reconcile(by);
    expect((await house.pool.query('select idx from ledger_entries where id = $1', [waiting.entry])).rows).toEqual([
      { idx: '302' },
    ]);
  });

  it('rows that the ledger never knew are not bound', async () => {
    const { restore, kept } = await story();
    await restore();
    const forged = randomUUID();
    await house.pool.query(
      `insert into records select person_id, $1, service, 'telephone', case_id, version, clause, purposes, policy,
      collected_at, envelope, entry_id from records where record_id = $2`,
      [forged, kept.row],
    );
    const again = await house.reopen();
    expect((await again.reconcile(by)).unknown.map(({ rowId }) => rowId)).toEqual([forged]);
    expect((await again.verify()).findings).toMatchObject([{ code: 'row-unbound', rowId: forged }]);
  });

  it('without a mirror it says what is lost, and goes on only when told to', async () => {
    const { restore } = await story();
    await restore();
    await rm(house.mirrorDir, { recursive: true });
    const again = await house.reopen();
    await expect(again.reconcile(by)).rejects.toMatchObject({
      code: 'ledger-mirror-missing',
      message: expect.stringContaining('302 entries'),
    });
    expect(await again.reconcile({ ...by, acceptLoss: true })).toMatchObject({
      state: 'no-mirror',
      before: 302,
      after: 302,
      lost: [],
      revived: [],
    });
    expect((await again.verify()).findings).toEqual([]);
  });

  it('a damaged mirror, or one of another history, is refused', async () => {
    const { restore } = await story();
    await restore();
    const file = join(house.mirrorDir, 'tile/entries/001');
    const bytes = await readFile(file);
    await writeFile(file, bytes.with(100, bytes[100]! ^ 1));
    await expect((await house.reopen()).reconcile(by)).rejects.toMatchObject({ code: 'ledger-mirror-damaged' });
    await writeFile(file, bytes);
    const other = await ledgerHouse();
    await expect(
      house.reopen(house.secretsDir, other.mirrorDir).then((ledger) => ledger.reconcile(by)),
    ).rejects.toMatchObject({ code: 'ledger-mirror-missing' });
    await other.record();
    await other.ledger.flush();
    await expect(house.reopen(house.secretsDir, other.mirrorDir)).rejects.toMatchObject({ code: 'ledger-key-foreign' });
    await other.close();
  });
});

describe('an auditor, offline', () => {
  it('verifies a copy of the mirror, and finds what was done to it', async () => {
    for (let i = 0; i < 600; i += 1) await house.entry();
    const { note } = await house.ledger.flush();
    await house.record();
    await house.ledger.flush();
    const [dir, vkey] = [house.mirrorDir, house.ledger.vkey];
    expect(await verifyMirror({ dir, vkey, since: note })).toMatchObject({ ok: true, size: 601, findings: [] });
    const first = async (path: string, change: (bytes: Buffer) => Uint8Array) => {
      const file = join(dir, path);
      const bytes = await readFile(file);
      await writeFile(file, change(bytes));
      const { findings } = await verifyMirror({ dir, vkey });
      await writeFile(file, bytes);
      return findings.map(({ code, entry }) => ({ code, entry }));
    };
    const flip = (at: number) => (bytes: Buffer) => bytes.with(at, bytes[at]! ^ 1);
    expect(await first('tile/entries/000', flip(40))).toEqual(
      expect.arrayContaining([
        { code: 'entry-edited', entry: 0 },
        { code: 'checkpoint-root', entry: 601 },
      ]),
    );
    expect(await first('tile/0/001', flip(0))).toEqual([{ code: 'entry-edited', entry: 256 }]);
    expect(await first('tile/1/000.p/2', flip(0))).toEqual([{ code: 'tile-edited', entry: undefined }]);
    expect(await first('tile/entries/001', (bytes) => bytes.subarray(0, -1))).toContainEqual({
      code: 'mirror-file-missing',
      entry: 256,
    });
    expect(await first('checkpoint', (bytes) => Buffer.from(bytes.toString().replace('\n601\n', '\n600\n')))).toEqual([
      { code: 'mirror-signature', entry: undefined },
    ]);
    await writeFile(join(dir, 'checkpoint'), note);
    const newer = (await house.ledger.checkpoint())!.note;
    expect((await verifyMirror({ dir, vkey, since: newer })).findings).toMatchObject([
      { code: 'rolled-back', entry: 600 },
    ]);
  });
});
