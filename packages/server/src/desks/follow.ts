import type { House } from '../gate/house.ts';
import { fieldsOffered } from './fields-offered.ts';
import type { Held } from '../gate/index.ts';
import type { Cases } from '../platform/schema.ts';
import { readReference } from '../platform/ids.ts';
import { caseByReference } from './store.ts';

/** What a reference opens: the state, and the sender's own words where the policy offers access on that proof (haier-02c). */
export interface Followed {
  state: Cases;
  own: Held[];
}

/** Follows a message by its reference; a reference that opens nothing is counted as a refusal. */
export async function follow(house: House, reference: string): Promise<Followed | undefined> {
  const written = readReference(reference);
  const found = written === undefined ? undefined : await caseByReference(house, written);
  if (found === undefined) {
    await house.gate.countRefusal({ action: 'view', service: '', code: 'not_own', clauses: [], data: [] });
    return undefined;
  }
  const data = fieldsOffered(house, 'access', 'reference', found.service);
  if (data.length === 0) return { state: found, own: [] };
  const { permit } = await house.gate.ask({
    person: found.person_id,
    request: { action: 'view', actor: { kind: 'person' }, data, service: found.service, facts: { own: true } },
  });
  return { state: found, own: await house.gate.use(permit, 'view', found.person_id, {}, { caseId: found.case_id }) };
}
