import type { House } from '../gate/house.ts';
import { queueMail } from '../post/index.ts';
import { normaliseEmail, verifyPassword } from '../vault/index.ts';
import { INDEX } from './identifiers.ts';
import { openSession } from './session.ts';
import type { Throttle } from './throttle.ts';

/** How a try to sign in ended. `wrong` tells nothing of whether the identifier is anybody's. */
export type SignInResult =
  | { outcome: 'in'; token: string; expires: Date }
  | { outcome: 'wrong' }
  | { outcome: 'unproved' }
  | { outcome: 'wait'; seconds: number };

/** Signs a member or an operator in with identifier and password. Takes as long for nobody as for somebody. */
export async function signIn(
  house: House,
  throttle: Throttle,
  kind: 'member' | 'staff',
  identifier: string,
  password: string,
): Promise<SignInResult> {
  // In the spelling under which the keyring knows it: another spelling is no other ID.
  const key = `${kind} ${normaliseEmail(identifier)}`;
  const seconds = throttle.begin(key);
  if (seconds > 0) return { outcome: 'wait', seconds };
  const { proved, person, right } = await answered(throttle, key, async () => {
    const proved = await house.keyring.findIndex(kind === 'staff' ? INDEX.staff : INDEX.email, identifier);
    const person =
      proved ?? (kind === 'member' ? await house.keyring.findIndex(INDEX.newcomer, identifier) : undefined);
    const credential = person === undefined ? undefined : await house.keyring.credential(person);
    const right = await verifyPassword(credential?.kind === kind ? credential.hash : undefined, password);
    return { proved, person, right };
  });
  if (!right || person === undefined) return { outcome: 'wrong' };
  throttle.succeeded(key);
  if (proved === undefined) {
    await queueMail(house, house.db, person, 'prove_email');
    return { outcome: 'unproved' };
  }
  return { outcome: 'in', ...(await openSession(house, { person, kind })) };
}

/** Whether a signed-in person knows their password: asked again before an edit. */
export async function knowsPassword(
  house: House,
  throttle: Throttle,
  person: string,
  password: string,
): Promise<'yes' | 'no' | number> {
  const key = `person ${person}`;
  const seconds = throttle.begin(key);
  if (seconds > 0) return seconds;
  const right = await answered(throttle, key, async () =>
    verifyPassword((await house.keyring.credential(person))?.hash, password),
  );
  if (right) throttle.succeeded(key);
  return right ? 'yes' : 'no';
}

/** A try that broke off for reasons of ours is not held against anybody. */
async function answered<Result>(throttle: Throttle, key: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throttle.unanswered(key);
    throw error;
  }
}
