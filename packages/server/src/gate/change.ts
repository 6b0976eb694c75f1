import type { Transaction } from 'kysely';
import { recordDigest, type RowChange } from '../ledger/index.ts';
import { TrothError } from '../platform/errors.ts';
import type { Database } from '../platform/schema.ts';
import { seal } from '../vault/door.ts';
import type { GateContext } from './context.ts';
import { evidenceOf, recordPlace } from './evidence.ts';
import { spend, type Permit } from './permit.ts';
import { inTime, TooLate } from './overtaken.ts';
import { personGone } from './refusal.ts';
import { writeEffect, type RecordRow } from './write.ts';

/**
 * Corrects values that a person gave: the old value is replaced, not kept, and the entry holds the digests before and after.
 * @param values field to new value; each must have a record already
 * @throws Refusal where the person's standing or a row changed in between; nothing is written then
 */
export async function change(
  context: GateContext,
  permit: Permit,
  person: string,
  values: ReadonlyMap<string, string>,
): Promise<void> {
  const at = context.clock.now();
  const grant = spend(permit, 'correct', at.getTime());
  if (grant.person !== person) {
    throw new TrothError('permit-exceeded', 'expected the person whom the permit names; came another');
  }
  const key = await context.keyring.key(person);
  if (key === undefined) throw personGone();
  const fields = [...values.keys()];
  if (fields.some((field) => !grant.request.data.includes(field))) {
    throw new TrothError('permit-exceeded', 'expected values of the fields that the permit names; came others');
  }
  const write = async (tx: Transaction<Database>): Promise<void> => {
    const old = await tx
      .selectFrom('records')
      .selectAll()
      .where('person_id', '=', person)
      .where('field', 'in', fields)
      .where('case_id', 'is', null)
      .forUpdate()
      .execute();
    const rows: RowChange[] = [];
    const replaces = old.map((before): RecordRow => {
      const after: RecordRow = { ...before, version: before.version + 1, policy: grant.policy, collected_at: at };
      after.envelope = seal(key, recordPlace(context, after), Buffer.from(values.get(before.field)!));
      rows.push({ table: 'records', op: 'replace', before: recordDigest(before), after: recordDigest(after) });
      return after;
    });
    const account = {
      kind: 'change' as const,
      at,
      request: grant.request,
      clauses: grant.clauses,
      policy: grant.policy,
      rows,
    };
    const evidence = evidenceOf(context, key, person, account);
    const effect = {
      person,
      standing: { epoch: grant.epoch },
      answers: false,
      evidence,
      puts: [],
      replaces,
      consents: [],
    };
    if (replaces.length !== fields.length || (await writeEffect(tx, effect)) === undefined) throw new TooLate();
  };
  await inTime(context, grant, () => context.db.transaction().execute(write));
}
