import type { BoundTable } from './entry.ts';
import { consentDigest, openingDigest, personDigest, policyVersionDigest, recordDigest } from './digest.ts';
import type { Db } from './store.ts';

/** A row that the ledger has to speak of. */
export interface BoundRow {
  table: BoundTable;
  digest: Buffer;
  /** record_id, consent_id, policy_id@version, the id of an opening's entry, or person_id. */
  rowId: string;
  personId?: string;
  /** Field of a record, subject of a consent. */
  field?: string;
  /** Id of the entry that the row itself names. */
  entryId: number;
}

const PAGE = 2_000;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** Every row of the bound tables, page by page in the order of their keys. */
export async function* boundRows(db: Db): AsyncGenerator<BoundRow> {
  yield* records(db);
  yield* consents(db);
  yield* policyVersions(db);
  yield* openings(db);
  yield* people(db);
}

async function* records(db: Db): AsyncGenerator<BoundRow> {
  for (let [person, row] = [FIRST, FIRST]; ;) {
    const page = await db
      .selectFrom('records')
      .selectAll()
      .where((eb) => eb(eb.refTuple('person_id', 'record_id'), '>', eb.tuple(person, row)))
      .orderBy('person_id')
      .orderBy('record_id')
      .limit(PAGE)
      .execute();
    for (const found of page) {
      yield {
        table: 'records',
        digest: recordDigest(found),
        rowId: found.record_id,
        personId: found.person_id,
        field: found.field,
        entryId: Number(found.entry_id),
      };
    }
    if (page.length < PAGE) return;
    [person, row] = [page.at(-1)!.person_id, page.at(-1)!.record_id];
  }
}

async function* consents(db: Db): AsyncGenerator<BoundRow> {
  for (let [person, row] = [FIRST, FIRST]; ;) {
    const page = await db
      .selectFrom('consents')
      .selectAll()
      .where((eb) => eb(eb.refTuple('person_id', 'consent_id'), '>', eb.tuple(person, row)))
      .orderBy('person_id')
      .orderBy('consent_id')
      .limit(PAGE)
      .execute();
    for (const found of page) {
      yield {
        table: 'consents',
        digest: consentDigest(found),
        rowId: found.consent_id,
        personId: found.person_id,
        field: found.about,
        entryId: Number(found.entry_id),
      };
    }
    if (page.length < PAGE) return;
    [person, row] = [page.at(-1)!.person_id, page.at(-1)!.consent_id];
  }
}

/** Few rows: one a published policy. */
async function* policyVersions(db: Db): AsyncGenerator<BoundRow> {
  const rows = await db.selectFrom('policy_versions').selectAll().orderBy('policy_id').orderBy('version').execute();
  for (const found of rows) {
    yield {
      table: 'policy_versions',
      digest: policyVersionDigest(found),
      rowId: `${found.policy_id}@${found.version}`,
      entryId: Number(found.entry_id),
    };
  }
}

async function* openings(db: Db): AsyncGenerator<BoundRow> {
  for (let [person, entry] = [FIRST, '0']; ;) {
    const page = await db
      .selectFrom('ledger_openings')
      .selectAll()
      .where((eb) => eb(eb.refTuple('person_id', 'entry_id'), '>', eb.tuple(person, entry)))
      .orderBy('person_id')
      .orderBy('entry_id')
      .limit(PAGE)
      .execute();
    for (const found of page) {
      yield {
        table: 'ledger_openings',
        digest: openingDigest(found),
        rowId: found.entry_id,
        personId: found.person_id,
        entryId: Number(found.entry_id),
      };
    }
    if (page.length < PAGE) return;
    [person, entry] = [page.at(-1)!.person_id, page.at(-1)!.entry_id];
  }
}

/** A row that names no entry is older than that rule; to take the name away from another one leaves its digest without a row. */
async function* people(db: Db): AsyncGenerator<BoundRow> {
  for (let person = FIRST; ;) {
    const page = await db
      .selectFrom('people')
      .selectAll()
      .where('person_id', '>', person)
      .orderBy('person_id')
      .limit(PAGE)
      .execute();
    for (const found of page) {
      if (found.entry_id === null) continue;
      yield {
        table: 'people',
        digest: personDigest(found),
        rowId: found.person_id,
        personId: found.person_id,
        entryId: Number(found.entry_id),
      };
    }
    if (page.length < PAGE) return;
    person = page.at(-1)!.person_id;
  }
}
