import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { leafHash } from './merkle.ts';
import { verifyConsistency, verifyInclusion } from './merkle-verify.ts';
import { parseVkey } from './note.ts';
import { verifyReceipt } from './proof.ts';
import { decodeBundle } from './tiles.ts';
import { ledgerHouse, type LedgerHouse } from './testing/house.ts';
import { verifyMirror } from './verify-mirror.ts';

let house: LedgerHouse;
beforeEach(async () => {
  house = await ledgerHouse();
});
afterEach(() => house.close());

const bodies = async () => await house.db.selectFrom('ledger_entries').select(['idx', 'body']).orderBy('idx').execute();
let next = 0;
const many = (count: number) =>
  house.db
    .insertInto('ledger_entries')
    .values(Array.from({ length: count }, () => sealed(`entry ${(next += 1)}`)))
    .execute();

/** An entry with the seal of its house. */
function sealed(text: string): { body: Buffer; seal: Buffer } {
  const body = Buffer.from(text);
  return { body, seal: house.ledger.sealer.seal(body) };
}

describe('the ledger', () => {
  it('signs the empty tree at its first start, with a key that its owner alone reads', async () => {
    await house.ledger.start();
    expect(await house.ledger.checkpoint()).toMatchObject({ size: 0, origin: 'troth.test/ledger' });
    expect((await stat(join(house.secretsDir, 'ledger.key'))).mode & 0o777).toBe(0o600);
    expect(await readdir(house.secretsDir)).toEqual(['ledger.key']);
    expect((await house.ledger.verify()).findings).toEqual([]);
    expect((await house.reopen()).vkey).toBe(house.ledger.vkey);
  });

  it('gives places in the order of ids, and every proof leads to the signed root', async () => {
    const roots = new Map<number, Buffer>();
    for (const count of [1, 254, 1, 1, 300]) {
      await many(count);
      const head = await house.ledger.flush();
      roots.set(head.size, head.root);
    }
    const rows = await bodies();
    expect(rows.map((row) => Number(row.idx))).toEqual(Array.from({ length: 557 }, (_, i) => i));
    const head = (await house.ledger.checkpoint())!;
    for (const index of [0, 254, 255, 256, 556]) {
      const leaf = leafHash(rows[index]!.body);
      expect(
        verifyInclusion({ index, size: 557, leaf, proof: await house.ledger.inclusionProof(index), root: head.root }),
      ).toBe(true);
    }
    for (const [from, fromRoot] of roots) {
      expect(
        verifyConsistency({
          from,
          to: 557,
          fromRoot,
          toRoot: head.root,
          proof: await house.ledger.consistencyProof(from),
        }),
      ).toBe(true);
    }
    const receipt = await house.ledger.receipt(256);
    expect(verifyReceipt(receipt, rows[256]!.body, parseVkey(house.ledger.vkey)).idx).toBe(256);
    expect(() => verifyReceipt(receipt, rows[255]!.body, parseVkey(house.ledger.vkey))).toThrow(
      expect.objectContaining({ code: 'ledger-bad-receipt' }),
    );
    expect(() =>
      verifyReceipt(receipt.replace('index 256', 'index 255'), rows[256]!.body, parseVkey(house.ledger.vkey)),
    ).toThrow();
  });

  it('keeps a mirror in the public format, partial tiles until they are full', async () => {
    await many(255);
    await house.ledger.flush();
    expect(await readdir(join(house.mirrorDir, 'tile/0'))).toEqual(['000.p']);
    await many(5);
    await house.ledger.flush();
    expect((await readdir(join(house.mirrorDir, 'tile/0'))).sort()).toEqual(['000', '001.p']);
    expect(await readFile(join(house.mirrorDir, 'tile/0/000'))).toHaveLength(8192);
    expect(await readFile(join(house.mirrorDir, 'tile/1/000.p/1'))).toHaveLength(32);
    const bundle = decodeBundle(await readFile(join(house.mirrorDir, 'tile/entries/001.p/4')));
    expect(bundle).toEqual((await bodies()).slice(256).map((row) => row.body));
    expect(await readFile(join(house.mirrorDir, 'checkpoint'), 'utf8')).toBe((await house.ledger.checkpoint())!.note);
  });

  it('sequences by itself soon after a commit, and stops clean', async () => {
    await house.ledger.start();
    await house.record();
    const began = Date.now();
    await vi.waitFor(async () => expect((await house.ledger.checkpoint())!.size).toBe(1), {
      interval: 5,
      timeout: 2000,
    });
    expect(Date.now() - began).toBeLessThan(1000);
    await house.db.insertInto('ledger_entries').values(sealed('x')).execute();
    await house.pool.query('notify troth_ledger');
    await vi.waitFor(async () => expect((await house.ledger.checkpoint())!.size).toBe(2), {
      interval: 5,
      timeout: 2000,
    });
    await house.ledger.stop();
    await house.record();
    expect((await house.ledger.checkpoint())!.size).toBe(2);
  });

  it('lets two processes take turns without a gap, and each keeps its mirror', async () => {
    const other = await house.reopen(house.secretsDir, join(house.mirrorDir, '../other'));
    await Promise.all([house.ledger.start(), other.start()]);
    for (let i = 0; i < 20; i += 1) await Promise.all([many(17), new Promise((resolve) => setTimeout(resolve, 15))]);
    await Promise.all([house.ledger.flush(), other.flush()]);
    await Promise.all([house.ledger.stop(), other.stop()]);
    await Promise.all([house.ledger.flush(), other.flush()]);
    expect((await bodies()).map((row) => Number(row.idx))).toEqual(Array.from({ length: 340 }, (_, i) => i));
    for (const { mirror } of [house.ledger, other]) expect(await mirror.intact()).toBe(true);
    expect(await readFile(join(other.mirror.dir, 'checkpoint'), 'utf8')).toBe(
      await readFile(join(house.mirrorDir, 'checkpoint'), 'utf8'),
    );
    expect(house.said.filter(({ event }) => event === 'ledger-sequencer-failed')).toEqual([]);
  });

  it('goes on after its connections were cut', async () => {
    await house.ledger.start();
    await house.pool
      .query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
      .catch(() => {});
    await house.record();
    await vi.waitFor(async () => expect((await house.ledger.checkpoint())!.size).toBe(1), { timeout: 5000 });
  });

  it('catches its mirror up after a crash between commit and mirror, and heals a damaged edge', async () => {
    await many(300);
    await house.ledger.flush();
    const old = await readFile(join(house.mirrorDir, 'checkpoint'));
    await many(300);
    await house.ledger.flush();
    await writeFile(join(house.mirrorDir, 'checkpoint'), old);
    await rm(join(house.mirrorDir, 'tile/0/001'));
    const check = async () => {
      const verdict = await verifyMirror({ dir: house.mirrorDir, vkey: house.ledger.vkey });
      expect(verdict.size).toBe(600);
      // These entries are of no layout of ours; all else holds.
      return verdict.findings.filter(({ code }) => code !== 'entry-unreadable');
    };
    const restart = async () => {
      const again = await house.reopen();
      await again.start();
      await again.stop();
      return again;
    };
    await restart();
    expect(await check()).toEqual([]);
    await rm(join(house.mirrorDir, 'tile/1/000.p/2'));
    await rm(join(house.mirrorDir, 'tile/0/000'));
    expect(await check()).toHaveLength(2);
    const again = await restart();
    expect(await check()).toEqual([]);
    expect(house.said.map(({ event }) => event)).toEqual(['ledger-mirror-rebuilt']);
    // Damage behind the edge is for `verify` to find; an operator has the mirror written again.
    await rm(join(house.mirrorDir, 'tile/entries/000'));
    await again.rebuildMirror();
    expect(await check()).toEqual([]);
  });
});

describe('the key', () => {
  it('that is missing or another is refused, though never replaced', async () => {
    await house.record();
    await house.ledger.flush();
    const empty = join(house.secretsDir, '../empty');
    await mkdir(empty);
    await expect(house.reopen(empty)).rejects.toMatchObject({ code: 'ledger-key-missing' });
    await expect(house.reopen(empty, join(house.mirrorDir, '../none'))).rejects.toMatchObject({
      code: 'ledger-key-missing',
    });
    expect(await readdir(empty)).toEqual([]);
    const stranger = await ledgerHouse();
    await expect(house.reopen(stranger.secretsDir)).rejects.toMatchObject({ code: 'ledger-key-foreign' });
    await stranger.close();
    await writeFile(join(empty, 'ledger.key'), 'not a key');
    await expect(house.reopen(empty)).rejects.toMatchObject({ code: 'ledger-bad-key' });
  });
});
