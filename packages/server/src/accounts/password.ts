import type { House } from '../gate/house.ts';
import { queueMail } from '../post/index.ts';
import { hashPassword, tokenHash } from '../vault/index.ts';
import { INDEX, LINK } from './identifiers.ts';
import { closeSessionsOf } from './session.ts';

/** Sends a one-time link to a member who forgot their password; to anyone else nothing, and the answer is the same. */
export async function askReset(house: House, identifier: string): Promise<void> {
  const person = await house.keyring.findIndex(INDEX.email, identifier);
  if (person !== undefined) await queueMail(house, house.db, person, 'reset_password');
}

/**
 * Sets a new password by a one-time link, and ends every session of that person.
 * @returns the kind of person, or undefined for a link that is unknown, used or too old
 */
export async function setPasswordByLink(
  house: House,
  token: string,
  password: string,
): Promise<'member' | 'staff' | undefined> {
  // The costly work first: how long it takes must not tell whether the link was good.
  const hash = await hashPassword(password);
  const digest = tokenHash(token);
  if (digest === undefined) return undefined;
  for (const [purpose, kind] of [
    [LINK.reset, 'member'],
    [LINK.welcome, 'staff'],
  ] as const) {
    const link = await house.keyring.takeToken(purpose, digest);
    if (link === undefined) continue;
    await replacePassword(house, link.person, kind, hash);
    return kind;
  }
  return undefined;
}

/** Sets a member's new password, who has shown that they know the old one. */
export async function changePassword(house: House, person: string, password: string): Promise<void> {
  await replacePassword(house, person, 'member', await hashPassword(password));
}

/** The old password goes, and with it every link that waits and every session: whoever came by those is out. */
async function replacePassword(house: House, person: string, kind: 'member' | 'staff', hash: string): Promise<void> {
  await house.keyring.putCredential(person, { kind, hash });
  for (const purpose of [LINK.reset, LINK.welcome]) await house.keyring.dropTokens(person, purpose);
  await closeSessionsOf(house, person);
}
