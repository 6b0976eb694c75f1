import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { open, seal } from './door.ts';
import * as publicDoor from './index.ts';
import { PersonKey } from './person-key.ts';

const source = join(import.meta.dirname, '..');

function filesThatImport(pattern: RegExp, root = source): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.(?:test|suite)\.ts$/u.test(name))
    .filter((name) => pattern.test(readFileSync(join(root, name), 'utf8')));
}

test('the gate alone imports the door of the vault', () => {
  const importers = filesThatImport(/(?:from|import\()\s*['"][^'"]*vault\/door\.ts['"]/u);
  expect(importers.filter((name) => !name.startsWith('gate/'))).toEqual([]);
  const inside = filesThatImport(/(?:from|import\()\s*['"]\.{1,2}\/door\.ts['"]/u).filter((name) =>
    name.startsWith('vault/'),
  );
  expect(inside).toEqual([]);
});

test('envelopes and secrets of person keys are reached from inside the vault alone', () => {
  const outside = filesThatImport(/vault\/(?:envelope|person-key|epoch|custody|charter)\.ts['"]/u);
  expect(outside).toEqual([]);
  const secrets = filesThatImport(/\bsecretOf\b/u);
  expect(secrets.toSorted()).toEqual(['vault/door.ts', 'vault/person-key.ts']);
});

test('the public door of the vault has no verb that opens or seals', () => {
  expect(Object.keys(publicDoor).toSorted()).toEqual([
    'PASSWORD_MAX_BYTES',
    'compareStores',
    'hashPassword',
    'keyringFile',
    'mask',
    'newToken',
    'normaliseEmail',
    'openKeyring',
    'tokenHash',
    'verifyPassword',
  ]);
});

test('a key opens values of its own person alone, and shows its secret to nobody', () => {
  const bytes = randomBytes(32);
  const person = randomUUID();
  const key = new PersonKey(person, 1, createSecretKey(bytes));
  const place = { installation: 'i', person, row: 'r', field: 'f', version: 1, purposeClass: 'p' };
  const envelope = seal(key, place, Buffer.from('value'));
  expect(open(key, place, envelope).toString()).toBe('value');
  expect(() => seal(key, { ...place, person: randomUUID() }, Buffer.from('value'))).toThrow(/key of the person/u);
  const shown = inspect(key, { depth: 9, showHidden: true }) + JSON.stringify(key);
  expect(shown).not.toContain(bytes.toString('hex'));
  expect(Object.keys(key)).toEqual(['person', 'epoch']);
});
