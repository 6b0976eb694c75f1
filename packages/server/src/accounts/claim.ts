import type { House } from '../gate/house.ts';
import { queueMail } from '../post/index.ts';
import { INDEX } from './identifiers.ts';

/**
 * A member changed their address: mail goes to the new one at once; it becomes the ID for sign-in when it is proved. Until then the
 * old ID still opens the account, so that a slip of the finger locks nobody out.
 */
export async function claimEmail(house: House, person: string, email: string): Promise<void> {
  const owner = await house.keyring.findIndex(INDEX.email, email);
  // Links that went to an older address prove nothing of this one.
  await house.keyring.dropTokens(person, 'prove_email');
  if (owner === person) return;
  await house.keyring.dropIndex(person, INDEX.change);
  if (owner !== undefined) return queueMail(house, house.db, owner, 'already_member');
  if ((await house.keyring.putIndex(person, INDEX.change, email)) === 'put')
    await queueMail(house, house.db, person, 'prove_email');
}
