import { membersOf, rulesOf } from '@troth/policy';
import type { House } from '../gate/house.ts';
import type { Held } from '../gate/index.ts';

/** Fields that the policy lets a signed-in person see or correct. A password is never shown, so it is not among those seen. */
export function offeredFields(house: House, right: 'access' | 'correction'): string[] {
  const { document } = house.policy();
  const fields = new Set(
    rulesOf(document, 'offer')
      .filter(({ body }) => body.right.includes(right) && body.proof.includes('password'))
      .flatMap(({ body }) => body.data.flatMap((data) => membersOf(document, data))),
  );
  return [...fields].filter((field) => {
    const term = document.terms.data[field];
    return term !== undefined && !term.group && term.input !== 'none' && term.input !== 'password';
  });
}

/** What is held about a signed-in person, in the order of the policy: the look itself is in the ledger. */
export async function heldAbout(house: House, person: string): Promise<Held[]> {
  const data = offeredFields(house, 'access');
  const { permit } = await house.gate.ask({
    person,
    request: { action: 'view', actor: { kind: 'person' }, data, facts: { own: true } },
  });
  const held = await house.gate.use(permit, 'view', person);
  return held.toSorted((a, b) => data.indexOf(a.field) - data.indexOf(b.field));
}
