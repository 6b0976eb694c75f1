import type { OpenHouse } from '@troth/server';
import { isId, readReference } from '../../server/src/platform/ids.ts';
import { badUsage } from './args.ts';
import type { Given } from './command.ts';
import { emailOf } from './email.ts';

/** By what a person is sought. */
export type Sought = { by: 'email' | 'operator' | 'reference' | 'id'; value: string };

/** Who was found. */
interface Found {
  /** Ids, each once. */
  people: string[];
  /** Members who claim the address without having proved it, while somebody else has. */
  claims: string[];
  /** Whether the id is that of someone who was erased before. */
  erasedBefore: boolean;
}

/** @throws TrothError `bad-usage` */
export function readSought(command: string, { email, operator, reference, id }: Given): Sought {
  const given = [email, reference, id].filter((one) => one !== undefined).length;
  if (given !== 1) throw badUsage(command, `expected one of --email, --reference and --id; came ${given}`);
  if (operator !== undefined && email === undefined)
    throw badUsage(command, 'expected --operator with --email; came without it');
  if (email !== undefined) return { by: operator === true ? 'operator' : 'email', value: emailOf(command, email) };
  if (typeof reference === 'string') {
    const written = readReference(reference);
    if (written === undefined)
      throw badUsage(command, 'expected a reference such as TR-4F7K-9Q2M-0D5X-H8PA; came another text');
    return { by: 'reference', value: written };
  }
  const value = String(id).toLowerCase();
  if (!isId(value)) throw badUsage(command, 'expected the id of a person (a UUID); came another text');
  return { by: 'id', value };
}

/** Finds people by what the keyring knows of them. A proved address outweighs another member's unproved claim to it. */
export async function find({ db, keyring }: OpenHouse, { by, value }: Sought): Promise<Found> {
  const { INDEX, REFERENCE_INDEX } = await import('@troth/server');
  const index = async (kind: string): Promise<string[]> => {
    const person = await keyring.findIndex(kind, value);
    return person === undefined ? [] : [person];
  };
  switch (by) {
    case 'id': {
      const row = await db.selectFrom('people').select('erased_at').where('person_id', '=', value).executeTakeFirst();
      const erased = row?.erased_at instanceof Date || (row === undefined && (await keyring.isErased(value)));
      const keyed = (await keyring.key(value)) !== undefined;
      const there = keyed || (row !== undefined && !erased);
      return { people: there ? [value] : [], claims: [], erasedBefore: erased && !keyed };
    }
    case 'reference':
      return { people: await index(REFERENCE_INDEX), claims: [], erasedBefore: false };
    case 'operator':
      return { people: await index(INDEX.staff), claims: [], erasedBefore: false };
    case 'email': {
      const [proved, newcomers, claims] = [
        await index(INDEX.email),
        await index(INDEX.newcomer),
        await index(INDEX.change),
      ];
      const people = proved.length > 0 ? [...proved, ...newcomers] : [...newcomers, ...claims];
      const distinct = [...new Set(people)];
      return { people: distinct, claims: claims.filter((claim) => !distinct.includes(claim)), erasedBefore: false };
    }
  }
}
