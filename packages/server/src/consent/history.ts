import type { House } from '../gate/house.ts';
import type { Consents } from '../platform/schema.ts';

/** Everything that a person was asked and answered, oldest first, with the words and the version of the policy. */
export async function answersGiven(house: House, person: string): Promise<Consents[]> {
  return house.db
    .selectFrom('consents')
    .selectAll()
    .where('person_id', '=', person)
    .orderBy('at')
    .orderBy('entry_id')
    .execute();
}
