import { expect, test } from 'vitest';
import { Turnstile } from './turnstile.ts';

test('so many run at once, so many wait, the next is told to come back', async () => {
  const turnstile = new Turnstile(2, 3);
  const gate = Promise.withResolvers<void>();
  let running = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, (running += 1));
    await gate.promise;
    running -= 1;
  };
  const five = Array.from({ length: 5 }, () => turnstile.pass(work));
  await expect(turnstile.pass(work)).rejects.toMatchObject({ code: 'too-busy' });
  gate.resolve();
  await Promise.all(five);
  expect([most, running]).toEqual([2, 0]);
  await turnstile.pass(work);
});

test('work that fails gives its place on', async () => {
  const turnstile = new Turnstile(1, 1);
  await expect(turnstile.pass(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(await turnstile.pass(async () => 'through')).toBe('through');
});
