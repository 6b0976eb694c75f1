import { expect, test } from 'vitest';
import { hashPassword, verifyPassword } from './password.ts';

test('a password fits its own hash alone, in whichever Unicode form it is typed', async () => {
  const hash = await hashPassword('pässword 密码');
  expect(hash).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/u);
  expect(await verifyPassword(hash, 'pässword 密码'.normalize('NFD'))).toBe(true);
  expect(await verifyPassword(hash, 'pässword 密码 ')).toBe(false);
  expect(await hashPassword('pässword 密码')).not.toBe(hash);
});

test('an account that is not there costs as much time as one that is', async () => {
  const hash = await hashPassword('right');
  const time = async (stored: string | undefined): Promise<number> => {
    const start = performance.now();
    expect(await verifyPassword(stored, 'wrong')).toBe(false);
    return performance.now() - start;
  };
  const there = [await time(hash), await time(hash), await time(hash)];
  const gone = [await time(undefined), await time(undefined), await time(undefined)];
  expect(Math.min(...gone)).toBeGreaterThan(Math.min(...there) * 0.5);
});

test('a password that is too long is refused, never cut; a strange hash is an error', async () => {
  const hash = await hashPassword('x'.repeat(1024));
  await expect(hashPassword('x'.repeat(1025))).rejects.toMatchObject({ code: 'password-too-long' });
  expect(await verifyPassword(hash, 'x'.repeat(1025))).toBe(false);
  for (const strange of [
    '',
    'plain',
    '$scrypt$ln=31,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA',
    hash.replace('r=8', 'r=80'),
  ]) {
    await expect(verifyPassword(strange, 'x')).rejects.toMatchObject({ code: 'password-hash-invalid' });
  }
});
