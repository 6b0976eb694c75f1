import { createSecretKey, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { KeyCache } from './cache.ts';
import { PersonKey } from './person-key.ts';

const keyOf = (person: string): PersonKey => new PersonKey(person, 1, createSecretKey(randomBytes(32)));

test('a key is given out until its time is over', () => {
  const cache = new KeyCache(1_000, 10);
  const key = keyOf('a');
  cache.put(key, 0);
  expect(cache.get('a', 999)).toBe(key);
  expect(cache.get('a', 1_000)).toBeUndefined();
});

test('the oldest key makes room', () => {
  const cache = new KeyCache(1_000, 2);
  for (const person of ['a', 'b', 'c']) cache.put(keyOf(person), 0);
  expect(['a', 'b', 'c'].map((person) => cache.get(person, 1)?.person)).toEqual([undefined, 'b', 'c']);
});

test('a key that was being read while its erasure was heard of is not kept', async () => {
  const cache = new KeyCache(1_000, 10);
  const reading = Promise.withResolvers<PersonKey>();
  const filled = cache.fill(0, () => reading.promise);
  cache.forget('a');
  reading.resolve(keyOf('a'));
  await filled;
  expect(cache.get('a', 1)).toBeUndefined();
});

test('while deaf nothing is kept, and what was kept is gone', () => {
  const cache = new KeyCache(1_000, 10);
  cache.put(keyOf('a'), 0);
  cache.distrust(true);
  cache.put(keyOf('b'), 0);
  cache.distrust(false);
  expect([cache.get('a', 1), cache.get('b', 1)]).toEqual([undefined, undefined]);
  cache.put(keyOf('b'), 0);
  expect(cache.get('b', 1)?.person).toBe('b');
});
