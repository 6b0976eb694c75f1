import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { manualClock } from '../platform/clock.ts';
import { open, seal } from './door.ts';
import type { Home } from './home.ts';
import type { Keyring } from './keyring.ts';
import { openAt } from './open.ts';
import { openSqliteHome } from './sqlite/home.ts';
import { newToken } from './token.ts';

/** What every home of a keyring must do. `openHome` opens the same place each time it is called. */
export function keyringSuite(name: string, openHome: () => Home): void {
  describe(`a keyring in ${name}`, () => {
    const clock = manualClock(new Date('2026-11-22T08:00:00.123Z'));
    const source = { secretsDir: '', given: randomBytes(32).toString('base64') };
    let dir: string;
    let keyring: Keyring;
    let other: Keyring;
    let jane: string;
    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'troth-keyring-'));
      keyring = await openAt(openHome(), source, { clock, page: 3, cacheMs: 3_000 });
      // A second process on the same keyring, as the command line beside the server is.
      other = await openAt(openHome(), source, { clock });
    });
    afterAll(async () => {
      await Promise.all([keyring.close(), other.close()]);
      rmSync(dir, { recursive: true, force: true });
    });
    beforeEach(async () => {
      jane = randomUUID();
      await keyring.birth(jane, 'member');
    });
    const at = (): Date => clock.now();
    const later = (ms: number): Date => new Date(at().getTime() + ms);
    const gather = async <T>(items: AsyncIterable<T>): Promise<T[]> => Array.fromAsync(items);

    test('is founded once; the second opening finds it', () => {
      expect([keyring.fresh, other.fresh]).toEqual([true, false]);
      expect(other.installation).toBe(keyring.installation);
    });

    test('gives a person one key, the same to every process', async () => {
      const place = {
        installation: keyring.installation,
        person: jane,
        row: 'r',
        field: 'f',
        version: 1,
        purposeClass: 'p',
      };
      const envelope = seal((await keyring.key(jane))!, place, Buffer.from('value'));
      expect(open((await other.key(jane))!, place, envelope).toString()).toBe('value');
      const john = randomUUID();
      await keyring.birth(john, 'member');
      const foreign = { ...place, person: john };
      const johns = (await keyring.key(john))!;
      expect(() => open(johns, foreign, envelope)).toThrow(/does not open/u);
      expect(() => open(johns, place, envelope)).toThrow(/does not open/u);
    });

    test('groups births; of two with one id, one is born', async () => {
      const ids = Array.from({ length: 40 }, () => randomUUID());
      const keys = await Promise.all(ids.map((id) => keyring.birth(id, 'correspondent')));
      expect(keys.map((key) => key.person)).toEqual(ids);
      const twin = randomUUID();
      const twins = await Promise.allSettled([
        keyring.birth(twin, 'member'),
        keyring.birth(twin, 'member'),
        keyring.birth(jane, 'member'),
      ]);
      expect(twins.map((one) => (one.status === 'rejected' ? one.reason.code : 'born'))).toEqual([
        'born',
        'person-known',
        'person-known',
      ]);
      const listed = await gather(keyring.people());
      expect(listed).toEqual(listed.toSorted());
      expect(ids.every((id) => listed.includes(id))).toBe(true);
      expect(new Set(listed).size).toBe(listed.length);
    });

    test('erases key, indexes, credential and links in one commit and keeps a tombstone', async () => {
      const { hash } = newToken();
      await keyring.putIndex(jane, 'email', `${jane}@example.org`);
      await keyring.putCredential(jane, { kind: 'member', hash: 'h' });
      await keyring.putToken('reset', hash, jane, later(60_000));
      expect(await keyring.isErased(jane)).toBe(false);
      const when = at();
      expect(await keyring.erase(jane, when)).toBe(true);
      expect(await keyring.erase(jane, later(5_000))).toBe(false);
      expect(await keyring.key(jane)).toBeUndefined();
      expect(await keyring.findIndex('email', `${jane}@example.org`)).toBeUndefined();
      expect(await keyring.credential(jane)).toBeUndefined();
      expect(await keyring.takeToken('reset', hash)).toBeUndefined();
      expect(await keyring.isErased(jane)).toBe(true);
      expect((await gather(keyring.tombstones())).find((stone) => stone.person === jane)).toEqual({
        person: jane,
        at: when,
      });
      expect(await gather(keyring.people())).not.toContain(jane);
    });

    test('takes nothing for a person who is gone, and no second birth', async () => {
      await keyring.erase(jane, at());
      await expect(keyring.birth(jane, 'member')).rejects.toMatchObject({ code: 'person-known' });
      await expect(keyring.putIndex(jane, 'email', 'a@b.c')).rejects.toMatchObject({ code: 'person-unknown' });
      await expect(keyring.putCredential(jane, { kind: 'member', hash: 'h' })).rejects.toMatchObject({
        code: 'person-unknown',
      });
      await expect(keyring.putToken('reset', newToken().hash, jane, later(1))).rejects.toMatchObject({
        code: 'person-unknown',
      });
      const unknown = randomUUID();
      expect([await keyring.erase(unknown, at()), await keyring.isErased(unknown)]).toEqual([false, true]);
    });

    test('erased by another process: the key lives in the cache for seconds, or until it is heard of', async () => {
      await other.erase(jane, at());
      expect(await keyring.key(jane)).toBeDefined();
      keyring.forget(jane);
      expect(await keyring.key(jane)).toBeUndefined();
      const john = randomUUID();
      await keyring.birth(john, 'member');
      await other.erase(john, at());
      clock.advance(3_000);
      expect(await keyring.key(john)).toBeUndefined();
    });

    test('that cannot hear of erasures believes no cache', async () => {
      await keyring.key(jane);
      keyring.distrust(true);
      expect(await keyring.key(jane)).toBeDefined();
      await other.erase(jane, at());
      expect(await keyring.key(jane)).toBeUndefined();
      keyring.distrust(false);
      expect(await keyring.key(jane)).toBeUndefined();
    });

    test('finds a person by any spelling of the address, and by no other kind', async () => {
      expect(await keyring.putIndex(jane, 'email', `${jane}@Example.org`)).toBe('put');
      expect(await other.findIndex('email', `  ${jane.toUpperCase()}@example.ORG`)).toBe(jane);
      expect(await other.findIndex('username', `${jane}@example.org`)).toBeUndefined();
      await keyring.dropIndex(jane, 'email');
      expect(await other.findIndex('email', `${jane}@example.org`)).toBeUndefined();
    });

    test('gives an address to one person; changing it frees the old one', async () => {
      const john = randomUUID();
      await keyring.birth(john, 'member');
      const address = `${jane}@example.org`;
      const both = await Promise.all([
        keyring.putIndex(jane, 'email', address),
        keyring.putIndex(john, 'email', address),
      ]);
      expect(both.toSorted()).toEqual(['put', 'taken']);
      const [owner, loser] = both[0] === 'put' ? [jane, john] : [john, jane];
      expect(await keyring.putIndex(owner, 'email', address)).toBe('put');
      expect(await keyring.putIndex(owner, 'email', `new-${address}`)).toBe('put');
      expect(await keyring.findIndex('email', address)).toBeUndefined();
      expect(await keyring.putIndex(loser, 'email', address)).toBe('put');
      expect(await keyring.putIndex(loser, 'email', `new-${address}`)).toBe('taken');
      expect(await keyring.findIndex('email', address)).toBe(loser);
    });

    test('keeps one credential a person', async () => {
      expect(await keyring.credential(jane)).toBeUndefined();
      await keyring.putCredential(jane, { kind: 'member', hash: 'one' });
      await keyring.putCredential(jane, { kind: 'staff', hash: 'two' });
      expect(await other.credential(jane)).toEqual({ kind: 'staff', hash: 'two' });
    });

    test('a link is used once, for its purpose, in its time; of many callers one gets it', async () => {
      const { hash } = newToken();
      await keyring.putToken('prove_email', hash, jane, later(1_000), Buffer.from('sealed'));
      expect(await keyring.peekToken('prove_email', hash)).toEqual({ person: jane, sealed: Buffer.from('sealed') });
      expect(await keyring.takeToken('reset', hash)).toBeUndefined();
      const takers = await Promise.all([keyring, other, keyring].map((one) => one.takeToken('prove_email', hash)));
      expect(takers.filter((token) => token !== undefined)).toEqual([{ person: jane, sealed: Buffer.from('sealed') }]);
      const second = newToken().hash;
      await keyring.putToken('reset', second, jane, later(1_000));
      expect(await keyring.peekToken('reset', second)).toEqual({ person: jane, sealed: undefined });
      clock.advance(1_000);
      expect([await keyring.peekToken('reset', second), await keyring.takeToken('reset', second)]).toEqual([
        undefined,
        undefined,
      ]);
    });

    test('a new password makes the other links of its purpose void', async () => {
      const [reset, prove] = [newToken().hash, newToken().hash];
      await keyring.putToken('reset', reset, jane, later(1_000));
      await keyring.putToken('prove_email', prove, jane, later(1_000));
      await keyring.dropTokens(jane, 'reset');
      expect(await keyring.peekToken('reset', reset)).toBeUndefined();
      expect(await keyring.peekToken('prove_email', prove)).toBeDefined();
      await expect(
        keyring.putToken('reset', newToken().hash, jane, later(1), Buffer.alloc(4_097)),
      ).rejects.toMatchObject({ code: 'token-too-large' });
    });

    test('refuses a foreign root key, and fits its own', async () => {
      const home = openHome();
      const foreign = { ...source, given: randomBytes(32).toString('base64') };
      await expect(openAt(home, foreign)).rejects.toMatchObject({ code: 'root-key-foreign' });
      await expect(openAt(home, { secretsDir: join(dir, 'none') })).rejects.toMatchObject({ code: 'root-key-missing' });
      await home.close();
      expect(existsSync(join(dir, 'none'))).toBe(false);
      await keyring.check();
    });

    test('a copy is a whole keyring for its owner alone, and overwrites nothing', async () => {
      const file = join(dir, 'copy.sqlite');
      const erased = randomUUID();
      await keyring.birth(erased, 'member');
      await keyring.erase(erased, at());
      await keyring.putIndex(jane, 'email', `${jane}@example.org`);
      await keyring.putCredential(jane, { kind: 'member', hash: 'h' });
      await keyring.putToken('reset', newToken().hash, jane, later(1_000), Buffer.from('s'));
      await keyring.backup(file);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      await expect(keyring.backup(file)).rejects.toMatchObject({ code: 'backup-file-exists' });
      const copy = await openAt(openSqliteHome(file), source);
      expect([copy.fresh, copy.installation]).toEqual([false, keyring.installation]);
      expect(await gather(copy.people())).toEqual(await gather(keyring.people()));
      expect(await gather(copy.tombstones())).toEqual(await gather(keyring.tombstones()));
      expect(await copy.findIndex('email', `${jane}@example.org`)).toBe(jane);
      expect(await copy.isErased(erased)).toBe(true);
      await copy.close();
    });
  });
}
