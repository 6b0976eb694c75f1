import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { rulesOf } from '@troth/policy';
import { personDigest, subjectCommitment, type RowChange } from '../ledger/index.ts';
import type { People } from '../platform/schema.ts';
import type { GateContext } from './context.ts';
import { entryOf } from './evidence.ts';
import { sweep } from './sweep.ts';

/** The channel on which every process of the house hears of an erasure. */
export const ERASED_CHANNEL = 'troth_erased';

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
  return context.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('people')
      .selectAll()
      .where('person_id', '=', person)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined || row.erased_at !== null) return false;
    const account = { kind: 'erase' as const, at, request, clauses, policy: policy.hash, rows: [erasedRow(row, at)] };
    const body = entryOf(account, subject);
    const seal = context.sealer.seal(body);
    const { id } = await tx
      .insertInto('ledger_entries')
      .values({ body, seal })
      .returning('id')
      .executeTakeFirstOrThrow();
    await tx.updateTable('people').set({ erased_at: at, entry_id: id }).where('person_id', '=', person).execute();
    for (const table of ['sessions', 'cases', 'mails'] as const) {
      await tx.deleteFrom(table).where('person_id', '=', person).execute();
    }
    await sql`select pg_notify(${ERASED_CHANNEL}, ${person})`.execute(tx);
    return true;
  });
}

/** What becomes of the person's own row: a random id, when they came, and when they went. */
function erasedRow(row: People, at: Date): RowChange {
  const after = personDigest({ ...row, erased_at: at });
  return row.entry_id === null
    ? { table: 'people', op: 'put', after }
    : { table: 'people', op: 'replace', before: personDigest(row), after };
}
