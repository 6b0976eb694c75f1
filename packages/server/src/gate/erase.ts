import { sql } from 'kysely';
import { consentDigest, recordDigest, type RowChange } from '../ledger/index.ts';
import { rulesOf } from '@troth/policy';
import type { GateContext } from './context.ts';
import { entryOf } from './evidence.ts';
import { subjectCommitment } from '../ledger/index.ts';
import { randomBytes } from 'node:crypto';

/** The channel on which every process of the house hears of an erasure. */
export const ERASED_CHANNEL = 'troth_erased';

/** Rows swept in one transaction and one entry; a tenth of what an entry can hold. */
const SWEEP_ROWS = 500;

/**
 * Erases a person: their key, indexes and credentials go from the keyring first, and with them every copy of the records opens
 * no more; then the records note it, with evidence, and the dead rows are swept away.
 * @returns whether the person was there
 */
export async function erase(context: GateContext, person: string): Promise<boolean> {
  const had = await context.keyring.erase(person, context.clock.now());
  const noted = await noteErasure(context, person);
  await sweep(context, person);
  return had || noted;
}

/** Notes an erasure in the records, with its entry; sessions, cases and waiting mails go in the same transaction. */
async function noteErasure(context: GateContext, person: string): Promise<boolean> {
  const at = context.clock.now();
  const policy = context.policy();
  const clauses = rulesOf(policy.document, 'offer').flatMap((rule) =>
    rule.body.right.includes('erasure') ? [rule.clause] : [],
  );
  const request = { action: 'erase', actor: { kind: 'staff' as const }, data: [] };
  // The salt is thrown away: nobody, the house included, can later tie the entry to a guess.
  const subject = subjectCommitment(person, randomBytes(16));
  const body = entryOf({ kind: 'erase', at, request, clauses, policy: policy.hash }, subject);
  return context.db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('people')
      .set({ erased_at: at })
      .where('person_id', '=', person)
      .where('erased_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await tx.insertInto('ledger_entries').values({ body }).execute();
    for (const table of ['sessions', 'cases', 'mails', 'ledger_openings'] as const) {
      await tx.deleteFrom(table).where('person_id', '=', person).execute();
    }
    await sql`select pg_notify(${ERASED_CHANNEL}, ${person})`.execute(tx);
    return true;
  });
}

/** Sweeps the rows of an erased person, in batches, each with an entry that lets go of the rows' digests. */
export async function sweep(context: GateContext, person: string): Promise<number> {
  let swept = 0;
  for (;;) {
    const rows = await context.db.transaction().execute(async (tx) => {
      const records = await tx
        .selectFrom('records')
        .selectAll()
        .where('person_id', '=', person)
        .limit(SWEEP_ROWS)
        .forUpdate()
        .execute();
      const consents = await tx
        .selectFrom('consents')
        .selectAll()
        .where('person_id', '=', person)
        .limit(SWEEP_ROWS)
        .forUpdate()
        .execute();
      const drops: RowChange[] = [
        ...records.map((row): RowChange => ({ table: 'records', op: 'drop', before: recordDigest(row) })),
        ...consents.map((row): RowChange => ({ table: 'consents', op: 'drop', before: consentDigest(row) })),
      ];
      if (drops.length === 0) return 0;
      const recordIds = records.map((row) => row.record_id);
      const consentIds = consents.map((row) => row.consent_id);
      await sql`delete from records where person_id = ${person}::uuid and record_id = any(${recordIds}::uuid[])`.execute(
        tx,
      );
      await sql`delete from consents where person_id = ${person}::uuid and consent_id = any(${consentIds}::uuid[])`.execute(
        tx,
      );
      const request = { action: 'sweep', actor: { kind: 'function' as const }, data: [] };
      const account = {
        kind: 'sweep' as const,
        at: context.clock.now(),
        request,
        clauses: [],
        policy: context.policy().hash,
        rows: drops,
      };
      await tx
        .insertInto('ledger_entries')
        .values({ body: entryOf(account) })
        .execute();
      return drops.length;
    });
    swept += rows;
    if (rows === 0) return swept;
  }
}
