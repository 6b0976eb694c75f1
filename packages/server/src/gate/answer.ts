import { consentDigest, type RowChange } from '../ledger/index.ts';
import { consentRow, type NewAnswer } from './collect.ts';
import type { GateContext } from './context.ts';
import { evidenceOf } from './evidence.ts';
import { personGone } from './refusal.ts';
import { writeEffect } from './write.ts';

/**
 * Records what a person answers: consent given or withdrawn, an objection, an acknowledgement. It needs no permit: an answer is
 * the person's own, and nothing may stand in its way. Every permit decided before it dies with it.
 * @throws Refusal when the person is gone
 */
export async function recordAnswers(context: GateContext, person: string, answers: NewAnswer[]): Promise<void> {
  const at = context.clock.now();
  const key = await context.keyring.key(person);
  const clauses = answers.map((answer) => answer.clause);
  if (key === undefined) throw personGone();
  const policy = context.policy().hash;
  const consents = answers.map((answer) => consentRow(context, person, answer, policy, at, 'person'));
  const rows = consents.map((row): RowChange => ({ table: 'consents', op: 'put', after: consentDigest(row) }));
  const request = { action: 'collect' as const, actor: { kind: 'person' as const }, data: [] };
  const evidence = evidenceOf(context, key, person, { kind: 'consent', at, request, clauses, policy, rows });
  const effect = {
    person,
    standing: { epoch: undefined },
    answers: true,
    evidence,
    puts: [],
    replaces: [],
    consents,
  };
  if ((await writeEffect(context.db, effect)) === undefined) throw personGone();
}
