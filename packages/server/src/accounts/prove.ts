import type { House } from '../gate/house.ts';
import { clearEmail } from '../post/index.ts';
import { tokenHash } from '../vault/index.ts';
import { INDEX, LINK } from './identifiers.ts';

/**
 * Proves an address: whoever holds the link reads its mail. The address on record becomes the member's ID for sign-in.
 * @returns false for a link that is unknown, used or too old, or void because the address was changed since
 */
export async function proveEmail(house: House, token: string): Promise<boolean> {
  const hash = tokenHash(token);
  const link = hash && (await house.keyring.takeToken(LINK.prove, hash));
  if (link === undefined) return false;
  const email = await clearEmail(house, link.person, 'email_verification');
  if (email === undefined) return false;
  if ((await house.keyring.findIndex(INDEX.email, email)) === link.person) return true;
  await house.keyring.dropIndex(link.person, INDEX.email);
  if ((await house.keyring.putIndex(link.person, INDEX.email, email)) === 'taken') return false;
  await house.keyring.dropIndex(link.person, INDEX.newcomer);
  await house.keyring.dropIndex(link.person, INDEX.change);
  return true;
}
