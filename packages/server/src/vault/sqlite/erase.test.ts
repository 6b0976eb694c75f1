import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keyringFile, openKeyring } from '../open.ts';
import { newToken } from '../token.ts';

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'troth-erase-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Which of the byte strings stand in any file of the keyring, its journal included? */
function found(needles: Map<string, Buffer>): string[] {
  const folder = join(dir, 'keyring');
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  return [...needles].filter(([, bytes]) => files.some((file) => file.includes(bytes))).map(([name]) => name);
}

/** Everything of a person that is stored as bytes, read from beside the keyring. */
function traces(person: string): Map<string, Buffer> {
  const database = new DatabaseSync(keyringFile(dir), { readOnly: true });
  const read = (sql: string): Buffer =>
    Buffer.from(Object.values(database.prepare(sql).get(person) ?? {})[0] as Uint8Array);
  const all = new Map([
    ['wrapped key', read('select wrapped from keys where person = ?')],
    ['index', read('select value from indexes where person = ?')],
    ['credential', read('select cast(hash as blob) from credentials where person = ?')],
    ['token', read('select hash from tokens where person = ?')],
  ]);
  database.close();
  return all;
}

test('after an erasure no byte of key, index, credential or link is left in any file of the keyring', async () => {
  const keyring = await openKeyring({ dir });
  const people = Array.from({ length: 300 }, () => randomUUID());
  await Promise.all(people.map((person) => keyring.birth(person, 'member')));
  await Promise.all(
    people.flatMap((person) => [
      keyring.putIndex(person, 'email', `${person}@example.org`),
      keyring.putCredential(person, { kind: 'member', hash: `$scrypt$hash-of-${person}` }),
      keyring.putToken('reset', newToken().hash, person, new Date(Date.now() + 60_000)),
    ]),
  );
  const survivor = traces(people[0]!);
  // One alone, some together, and one at the end: pages that are changed, merged and freed.
  for (const group of [people.slice(7, 8), people.slice(20, 160), people.slice(299)]) {
    const gone = group.map((person) => traces(person));
    for (const trace of gone) expect(found(trace)).toEqual(['wrapped key', 'index', 'credential', 'token']);
    await Promise.all(group.map((person) => keyring.erase(person, new Date())));
    for (const trace of gone) expect(found(trace)).toEqual([]);
  }
  expect(found(survivor)).toHaveLength(4);
  await keyring.close();
});
