import type { House } from '../gate/house.ts';
import { clearEmail } from '../post/index.ts';
import { tokenHash } from '../vault/index.ts';
import { INDEX, LINK } from './identifiers.ts';
import { knowsPassword } from './sign-in.ts';
import type { Throttle } from './throttle.ts';

/** `link`: the link is unknown, used or too old. `password`: it is not that account's. A number: seconds to wait. */
export type Proof = 'proved' | 'link' | 'password' | number;

/**
 * Proves an address: whoever holds the link reads its mail, and whoever knows the password made the account. Both together, or
 * else a stranger at a mistyped address could take an account over, or an owner could unknowingly prove somebody else's. The
 * address on record becomes the member's ID for sign-in; the link is used up by a right password only.
 */
export async function proveEmail(house: House, throttle: Throttle, token: string, password: string): Promise<Proof> {
  const hash = tokenHash(token);
  const waiting = hash && (await house.keyring.peekToken(LINK.prove, hash));
  if (hash === undefined || waiting === undefined) return 'link';
  const known = await knowsPassword(house, throttle, waiting.person, password);
  if (known !== 'yes') return known === 'no' ? 'password' : known;
  const link = await house.keyring.takeToken(LINK.prove, hash);
  const email = link && (await clearEmail(house, link.person, 'email_verification'));
  if (link === undefined || email === undefined) return 'link';
  if ((await house.keyring.findIndex(INDEX.email, email)) === link.person) return 'proved';
  // Replaces the address that was proved before, if there was one.
  if ((await house.keyring.putIndex(link.person, INDEX.email, email)) === 'taken') return 'link';
  await house.keyring.dropIndex(link.person, INDEX.newcomer);
  await house.keyring.dropIndex(link.person, INDEX.change);
  return 'proved';
}
