import { sql, type Transaction } from 'kysely';
import { consentDigest, openingDigest, recordDigest, type RowChange } from '../ledger/index.ts';
import type { Database } from '../platform/schema.ts';
import type { GateContext } from './context.ts';
import { entryOf } from './evidence.ts';

/** Rows of each table swept in one transaction; an entry holds a thousand. */
const SWEEP_ROWS = 300;

/** The tables of an erased person's rows that the ledger binds, and that are swept. */
export const SWEPT_TABLES = ['records', 'consents', 'ledger_openings'] as const;

/** Sweeps the rows of an erased person, in batches, each with an entry that lets go of the rows' digests. */
export async function sweep(context: GateContext, person: string): Promise<number> {
  for (let swept = 0; ;) {
    const rows = await context.db.transaction().execute((tx) => sweepSome(context, tx, person));
    swept += rows;
    if (rows === 0) return swept;
  }
}

async function sweepSome(context: GateContext, tx: Transaction<Database>, person: string): Promise<number> {
  const some = <Table extends (typeof SWEPT_TABLES)[number]>(table: Table) =>
    sql<
      Database[Table]
    >`select * from ${sql.table(table)} where person_id = ${person}::uuid limit ${SWEEP_ROWS} for update`
      .execute(tx)
      .then(({ rows }) => rows);
  const [records, consents, openings] = [await some('records'), await some('consents'), await some('ledger_openings')];
  const drop = (table: RowChange['table'], before: Buffer): RowChange => ({ table, op: 'drop', before });
  const rows = [
    ...records.map((row) => drop('records', recordDigest(row))),
    ...consents.map((row) => drop('consents', consentDigest(row))),
    ...openings.map((row) => drop('ledger_openings', openingDigest(row))),
  ];
  if (rows.length === 0) return 0;
  const remove = (table: string, key: string, type: string, ids: string[]) =>
    sql`delete from ${sql.table(table)} where person_id = ${person}::uuid and ${sql.ref(key)} = any(${ids}::${sql.raw(type)}[])`.execute(
      tx,
    );
  await remove(
    'records',
    'record_id',
    'uuid',
    records.map((row) => row.record_id),
  );
  await remove(
    'consents',
    'consent_id',
    'uuid',
    consents.map((row) => row.consent_id),
  );
  await remove(
    'ledger_openings',
    'entry_id',
    'bigint',
    openings.map((row) => row.entry_id),
  );
  const request = { action: 'sweep', actor: { kind: 'function' as const }, data: [] };
  const policy = context.policy().hash;
  const body = entryOf({ kind: 'sweep', at: context.clock.now(), request, clauses: [], policy, rows });
  await tx
    .insertInto('ledger_entries')
    .values({ body, seal: context.sealer.seal(body) })
    .execute();
  return rows.length;
}
