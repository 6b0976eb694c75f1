import type { BoundTable } from './entry.ts';
import { consentDigest, policyVersionDigest, recordDigest } from './digest.ts';
import { entryRef } from './live.ts';
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
  /** The entry that the row itself names (see `entryRef`); undefined where there is no such entry. */
  entry: number | undefined;
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
  for (let [person, row] = [FIRST, FIRST]; ; ) {
    const page = await db
      .selectFrom('records')
      .leftJoin('ledger_entries', 'ledger_entries.id', 'records.entry_id')
      .selectAll('records')
      .select(['ledger_entries.id as id', 'ledger_entries.idx as idx'])
      .where(({ eb, refTuple, tuple }) => eb(refTuple('records.person_id', 'records.record_id'), '>', tuple(person, row)))
      .orderBy('records.person_id')
      .orderBy('records.record_id')
      .limit(PAGE)
      .execute();
    for (const found of page) {
      yield { table: 'records', digest: recordDigest(found), rowId: found.record_id, personId: found.person_id, field: found.field, entry: named(found) };
    }
    if (page.length < PAGE) return;
    [person, row] = [page.at(-1)!.person_id, page.at(-1)!.record_id];
  }
}

async function* consents(db: Db): AsyncGenerator<BoundRow> {
  for (let [person, row] = [FIRST, FIRST]; ; ) {
    const page = await db
      .selectFrom('consents')
      .leftJoin('ledger_entries', 'ledger_entries.id', 'consents.entry_id')
      .selectAll('consents')
      .select(['ledger_entries.id as id', 'ledger_entries.idx as idx'])
      .where(({ eb, refTuple, tuple }) => eb(refTuple('consents.person_id', 'consents.consent_id'), '>', tuple(person, row)))
      .orderBy('consents.person_id')
      .orderBy('consents.consent_id')
      .limit(PAGE)
      .execute();
    for (const found of page) {
      yield { table: 'consents', digest: consentDigest(found), rowId: found.consent_id, personId: found.person_id, field: found.about, entry: named(found) };
    }
    if (page.length < PAGE) return;
    [person, row] = [page.at(-1)!.person_id, page.at(-1)!.consent_id];
  }
}

/** Few rows: one a published policy. */
async function* policyVersions(db: Db): AsyncGenerator<BoundRow> {
  const rows = await db
    .selectFrom('policy_versions')
    .leftJoin('ledger_entries', 'ledger_entries.id', 'policy_versions.entry_id')
    .selectAll('policy_versions')
    .select(['ledger_entries.id as id', 'ledger_entries.idx as idx'])
    .orderBy('policy_id')
    .orderBy('version')
    .execute();
  for (const found of rows) {
    yield { table: 'policy_versions', digest: policyVersionDigest(found), rowId: `${found.policy_id}@${found.version}`, entry: named(found) };
  }
}

function named(row: { id: string | null; idx: string | null }): number | undefined {
  return row.id === null ? undefined : entryRef({ id: row.id, idx: row.idx });
}
