import { randomUUID } from 'node:crypto';
import type { House } from '../gate/house.ts';
import { TrothError } from '../platform/errors.ts';
import { hashPassword, newToken } from '../vault/index.ts';
import { INDEX, LINK } from './identifiers.ts';

const WELCOME_LIFE_MS = 86_400_000;

/**
 * Adds an operator: a key of their own, their address as a blind index only, a row and an entry in the records. Without a password
 * they set one through a one-time link.
 * @returns the path of that link, or undefined where a password was given
 * @throws TrothError `operator-exists`
 */
export async function addOperator(
  house: House,
  email: string,
  password?: string,
): Promise<{ person: string; path: string | undefined }> {
  if ((await house.keyring.findIndex(INDEX.staff, email)) !== undefined) {
    throw new TrothError('operator-exists', 'expected a new operator; that address is an operator already', {
      hint: 'they can sign in at /staff/sign-in',
    });
  }
  const person = randomUUID();
  const hash = password === undefined ? undefined : await hashPassword(password);
  await house.gate.admitStaff(person, async () => {
    if ((await house.keyring.putIndex(person, INDEX.staff, email)) === 'taken') {
      throw new TrothError('operator-exists', 'expected a new operator; that address is an operator already');
    }
    if (hash !== undefined) await house.keyring.putCredential(person, { kind: 'staff', hash });
  });
  if (hash !== undefined) return { person, path: undefined };
  const expires = new Date(house.clock.now().getTime() + WELCOME_LIFE_MS);
  const { token, hash: digest } = newToken();
  await house.keyring.putToken(LINK.welcome, digest, person, expires);
  return { person, path: `/set-password?token=${token}` };
}
