import type { GateContext } from './context.ts';
import { bornRow } from './collect.ts';
import { evidenceOf } from './evidence.ts';
import { personGone } from './refusal.ts';
import { writeEffect } from './write.ts';

/**
 * Admits a member of staff: key first, then the person and the evidence in one transaction. Who may call it holds the machine (the
 * command line), which is why it needs no permit of the policy.
 * @param identify writes sign-in identifiers to the keyring, after the key and before the person
 */
export async function admitStaff(context: GateContext, person: string, identify: () => Promise<void>): Promise<void> {
  const at = context.clock.now();
  const key = await context.keyring.birth(person, 'staff');
  try {
    await identify();
    const request = { action: 'admit', actor: { kind: 'staff' as const }, data: [] };
    const evidence = evidenceOf(context, key, person, {
      kind: 'staff',
      at,
      request,
      clauses: [],
      policy: context.policy().hash,
      rows: [bornRow(person, { kind: 'staff', at })],
    });
    const effect = {
      person,
      standing: { birth: { kind: 'staff', at } },
      answers: false,
      evidence,
      puts: [],
      replaces: [],
      consents: [],
    };
    if ((await writeEffect(context.db, effect)) === undefined) throw personGone();
  } catch (error) {
    await context.keyring.erase(person, context.clock.now());
    throw error;
  }
}
