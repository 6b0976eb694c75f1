import { randomUUID } from 'node:crypto';
import type { Prepared } from '../collect/index.ts';
import type { House } from '../gate/house.ts';
import { queueMail } from '../post/index.ts';
import { hashPassword } from '../vault/index.ts';
import { INDEX } from './identifiers.ts';

/** Someone already has the address; thrown inside the transaction so that nothing of the newcomer stays. */
class Taken extends Error {}

/**
 * Takes a new member in and sends the link that proves the address. An address that is a member's already gets a mail that says so;
 * the answer to whoever asked is the same, so that nobody learns who is a member.
 */
export async function register(house: House, prepared: Prepared): Promise<void> {
  const email = prepared.values.find((value) => value.field === 'email_address')!.value;
  const hash = await hashPassword(prepared.password ?? '');
  const owner = await house.keyring.findIndex(INDEX.email, email);
  if (owner !== undefined) return queueMail(house, house.db, owner, 'already_member');
  // An older claim that nobody proved gives way: else anyone could bar others from their own address.
  const newcomer = await house.keyring.findIndex(INDEX.newcomer, email);
  if (newcomer !== undefined) await house.gate.erase(newcomer);
  const person = randomUUID();
  try {
    await house.gate.collect(prepared.permit, {
      from: { birth: 'member', person },
      service: prepared.form.service,
      values: prepared.values,
      answers: prepared.answers,
      along: async (tx) => {
        if ((await house.keyring.putIndex(person, INDEX.newcomer, email)) === 'taken') throw new Taken();
        await house.keyring.putCredential(person, { kind: 'member', hash });
        await queueMail(house, tx, person, 'prove_email');
      },
    });
  } catch (error) {
    // Another registration of the address may come in between and erase this one: then that one counts.
    const given = error instanceof Taken || (await house.keyring.isErased(person));
    await house.keyring.erase(person, house.clock.now());
    if (!given) throw error;
  }
}
