import type { Kysely } from 'kysely';
import type { Database } from '../platform/schema.ts';
import type { Keyring } from './keyring.ts';

/** A person on whom the two stores do not agree. */
export interface Unmatched {
  person: string;
  /**
   * - `erased`: a row that does not say so, and a tombstone: the records are older than the erasure, which is to be done again
   * - `keyless`: a row with neither key nor tombstone: the keyring is older than the person, or another's
   * - `rowless`: a key without a row: a birth that was not finished, or records that are older than the person, or another's
   * - `revived`: a row that says erased, and a key: the keyring is older than the erasure; the key is to go again
   */
  what: 'erased' | 'keyless' | 'rowless' | 'revived';
}

const PAGE = 1_000;

/**
 * Walks keyring and records side by side, both in the order of ids, and tells on whom they do not agree. Run it before the house
 * serves, since a person who is being born has a key some milliseconds before a row.
 * After a restore of the records, `erased` and `rowless` are what is expected. Many `keyless` or `rowless` people at another time
 * mean that records and keyring do not belong together: then nobody should be erased before a human has looked.
 */
export async function* compareStores(db: Kysely<Database>, keyring: Keyring): AsyncIterable<Unmatched> {
  const keys = keyring.people()[Symbol.asyncIterator]();
  let key = await keys.next();
  for await (const row of rowsInOrder(db)) {
    while (!key.done && key.value < row.person) {
      yield { person: key.value, what: 'rowless' };
      key = await keys.next();
    }
    if (!key.done && key.value === row.person) {
      if (row.erased) yield { person: row.person, what: 'revived' };
      key = await keys.next();
    } else if (!row.erased)
      yield { person: row.person, what: (await keyring.isErased(row.person)) ? 'erased' : 'keyless' };
  }
  for (; !key.done; key = await keys.next()) yield { person: key.value, what: 'rowless' };
}

async function* rowsInOrder(db: Kysely<Database>): AsyncIterable<{ person: string; erased: boolean }> {
  for (let after: string | undefined; ;) {
    let query = db.selectFrom('people').select(['person_id', 'erased_at']).orderBy('person_id').limit(PAGE);
    if (after !== undefined) query = query.where('person_id', '>', after);
    const rows = await query.execute();
    for (const row of rows) yield { person: row.person_id, erased: row.erased_at !== null };
    after = rows.at(-1)?.person_id;
    if (rows.length < PAGE) return;
  }
}
