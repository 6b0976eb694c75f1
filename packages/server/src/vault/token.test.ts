import { expect, test } from 'vitest';
import { newToken, tokenHash } from './token.ts';

test('a token is found by its hash, and text that is no token has none', () => {
  const { token, hash } = newToken();
  expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/u);
  expect(tokenHash(token)).toEqual(hash);
  expect(hash.toString('base64url')).not.toContain(token);
  for (const text of ['', `${token}A`, token.slice(1), `${token.slice(1)}%`]) expect(tokenHash(text)).toBeUndefined();
});
