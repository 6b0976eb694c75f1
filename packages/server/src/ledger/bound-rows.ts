import type { BoundTable } from './entry.ts';
import { consentDigest, policyVersionDigest, recordDigest } from './digest.ts';
import type { Db } from './store.ts';

/** A row that the ledger has to speak of. */
export interface BoundRow {
  table: BoundTable;
  digest: Buffer;
  /** record_id, consent_id, or policy_id@version. */
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
