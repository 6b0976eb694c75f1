import type { Kysely } from 'kysely';
import type { Database } from '../platform/schema.ts';
import type { Keyring } from '../vault/index.ts';

/** A person on whom the two stores do not agree. */
export interface Unmatched {
  person: string;
  /**
   * - `keyless`: a row without a key: its person was erased and the rest is to follow
   * - `rowless`: a key without a row, left by a birth that was not finished: the key can go
   * - `revived`: a row that says erased, and a key: an old copy of the keyring was put back; the person is to be erased again
   */
  what: 'keyless' | 'rowless' | 'revived';
}

const PAGE = 1_000;

/**
 * Walks keyring and records side by side, both in the order of ids, and tells on whom they do not agree. Run it before the house
 * serves, since a person who is being born has a key some milliseconds before a row.
 * After a restore every `keyless` person is one who was erased since the backup.
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
    } else if (!row.erased) yield { person: row.person, what: 'keyless' };
  }
  for (; !key.done; key = await keys.next()) yield { person: key.value, what: 'rowless' };
}

async function* rowsInOrder(db: Kysely<Database>): AsyncIterable<{ person: string; erased: boolean }> {
  for (let after: string | undefined; ; ) {
    let query = db.selectFrom('people').select(['person_id', 'erased_at']).orderBy('person_id').limit(PAGE);
    if (after !== undefined) query = query.where('person_id', '>', after);
    const rows = await query.execute();
    for (const row of rows) yield { person: row.person_id, erased: row.erased_at !== null };
    after = rows.at(-1)?.person_id;
    if (rows.length < PAGE) return;
  }
}
