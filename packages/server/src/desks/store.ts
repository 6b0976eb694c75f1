import type { House } from '../gate/house.ts';
import { isId } from '../platform/ids.ts';
import type { Cases } from '../platform/schema.ts';
import { REFERENCE_INDEX } from './receive.ts';

/** The case behind a reference, if the reference is one. */
export async function caseByReference(house: House, reference: string): Promise<Cases | undefined> {
  const person = await house.keyring.findIndex(REFERENCE_INDEX, reference);
  if (person === undefined) return undefined;
  return house.db.selectFrom('cases').selectAll().where('person_id', '=', person).executeTakeFirst();
}

/** The queue, oldest first: states only; the words of a message open through the gate, one at a time. */
export async function queue(house: House, limit = 200): Promise<Cases[]> {
  return house.db
    .selectFrom('cases')
    .selectAll()
    .where('state', 'in', ['received', 'in_work'])
    .orderBy('opened_at')
    .limit(limit)
    .execute();
}

export async function caseOf(house: House, caseId: string): Promise<Cases | undefined> {
  if (!isId(caseId)) return undefined;
  return house.db.selectFrom('cases').selectAll().where('case_id', '=', caseId).executeTakeFirst();
}

export async function setState(house: House, caseId: string, state: Cases['state']): Promise<void> {
  await house.db
    .updateTable('cases')
    .set({ state, changed_at: house.clock.now() })
    .where('case_id', '=', caseId)
    .execute();
}
