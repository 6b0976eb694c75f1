import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openKeyring } from './open.ts';

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'troth-vault-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const rootFile = (): string => join(dir, 'secrets', 'root.key');
const anyKey = (): string => randomBytes(32).toString('base64');

/** Every file below the directory with its bytes. */
const everything = (): string =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(dir, name)).isFile())
    .map((name) => `${name}:${readFileSync(join(dir, name), 'hex')}`)
    .toSorted()
    .join('\n');

test('the first opening makes a root key and a keyring for their owner alone; the next opens the same house', async () => {
  const first = await openKeyring({ dir });
  expect(first.fresh).toBe(true);
  await first.close();
  expect(statSync(rootFile()).mode & 0o777).toBe(0o600);
  expect(statSync(join(dir, 'keyring', 'keyring.sqlite')).mode & 0o777).toBe(0o600);
  expect(statSync(join(dir, 'keyring')).mode & 0o777).toBe(0o700);
  expect(readdirSync(join(dir, 'secrets'))).toEqual(['root.key']);
  const second = await openKeyring({ dir });
  expect([second.fresh, second.installation]).toEqual([false, first.installation]);
  await second.check();
  await second.close();
});

test('two first openings at once found one keyring', async () => {
  const [a, b] = await Promise.all([openKeyring({ dir }), openKeyring({ dir })]);
  expect(a.installation).toBe(b.installation);
  expect(a.fresh).toBe(!b.fresh);
  await Promise.all([a.close(), b.close()]);
});

test('a missing root key is an error, and nothing is written', async () => {
  await (await openKeyring({ dir })).close();
  rmSync(rootFile());
  const before = everything();
  await expect(openKeyring({ dir })).rejects.toMatchObject({ code: 'root-key-missing' });
  expect(everything()).toBe(before);
  expect(existsSync(rootFile())).toBe(false);
});

test('a foreign root key is an error, from the file and from the environment, and nothing is written', async () => {
  await (await openKeyring({ dir })).close();
  const before = everything();
  await expect(openKeyring({ dir, rootKey: anyKey() })).rejects.toMatchObject({ code: 'root-key-foreign' });
  expect(everything()).toBe(before);
  writeFileSync(rootFile(), anyKey());
  await expect(openKeyring({ dir })).rejects.toMatchObject({ code: 'root-key-foreign' });
});

test('a root key of the environment makes no file', async () => {
  const rootKey = anyKey();
  await (await openKeyring({ dir, rootKey })).close();
  expect(existsSync(rootFile())).toBe(false);
  await (await openKeyring({ dir, rootKey })).close();
});

test('a root key that is no key, or that others can read, is refused before a keyring is made', async () => {
  for (const rootKey of [
    'short',
    `${anyKey()}AAAA`,
    randomBytes(32).toString('hex'),
    randomBytes(31).toString('base64'),
  ]) {
    await expect(openKeyring({ dir, rootKey })).rejects.toMatchObject({ code: 'root-key-invalid' });
  }
  mkdirSync(join(dir, 'secrets'));
  writeFileSync(rootFile(), anyKey());
  chmodSync(rootFile(), 0o640);
  await expect(openKeyring({ dir })).rejects.toMatchObject({ code: 'root-key-exposed' });
  expect(existsSync(join(dir, 'keyring'))).toBe(false);
});

test('a file that is no keyring is an error without a stack of another library', async () => {
  mkdirSync(join(dir, 'keyring'));
  writeFileSync(join(dir, 'keyring', 'keyring.sqlite'), 'not a database, but long enough to look at'.repeat(50));
  await expect(openKeyring({ dir })).rejects.toMatchObject({ code: 'keyring-unavailable' });
});

test('where a keyring must be, none is founded', async () => {
  await expect(openKeyring({ dir, mayFound: false })).rejects.toMatchObject({ code: 'keyring-lost' });
  expect(everything()).toBe('');
  await (await openKeyring({ dir })).close();
  await (await openKeyring({ dir, mayFound: false })).close();
});
