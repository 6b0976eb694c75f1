import { sql } from 'kysely';
import type { Request } from '@troth/policy';
import type { GateContext, PolicyInForce } from './context.ts';
import { entryOf, evidenceOf } from './evidence.ts';
import type { Refusal } from './refusal.ts';

/**
 * Puts a refusal into the ledger. About a known person: an entry of its own. About nobody in particular: it is counted, and the
 * counts become entries in sums (`sumRefusals`), so that nobody can flood the ledger from outside.
 */
export async function witnessRefusal(
  context: GateContext,
  policy: PolicyInForce,
  request: Request,
  refusal: Refusal,
  person: string | undefined,
): Promise<void> {
  const at = context.clock.now();
  const declared = knownWords(policy, request);
  const clauses = refusal.decision.clauses;
  const key = person === undefined ? undefined : await context.keyring.key(person);
  if (person === undefined || key === undefined) {
    await countRefusal(context, {
      action: request.action,
      service: declared.service ?? '',
      code: refusal.code,
      clauses,
      data: declared.data,
    });
    return;
  }
  const evidence = evidenceOf(context, key, person, {
    kind: 'refuse',
    at,
    request: declared,
    clauses,
    policy: policy.hash,
    code: refusal.code,
  });
  await sql`with entry as (
      insert into ledger_entries (body, seal) values (${evidence.body}::bytea, ${evidence.seal}::bytea) returning id
    )
    insert into ledger_openings (person_id, entry_id, sealed)
    select ${person}::uuid, id, ${evidence.sealed}::bytea from entry`.execute(context.db);
}

/** Counts a refusal of nobody in particular: action, service, code and clauses; no value, no address, no name. */
export async function countRefusal(
  context: GateContext,
  refusal: {
    action: Request['action'];
    service: string;
    code: string;
    clauses: readonly string[];
    data: readonly string[];
  },
): Promise<void> {
  await context.db
    .insertInto('refusal_counts')
    .values({ ...refusal, clauses: [...refusal.clauses], data: [...refusal.data], at: context.clock.now() })
    .execute();
}

interface Sum {
  action: Request['action'];
  service: string;
  code: string;
  clauses: string[];
  data: string[];
  count: string;
}

/** Turns the refusals counted so far into one entry a kind, in one transaction. */
export async function sumRefusals(context: GateContext): Promise<number> {
  const policy = context.policy().hash;
  return context.db.transaction().execute(async (tx) => {
    const { rows } = await sql<Sum>`with taken as (delete from refusal_counts returning *)
      select action, service, code, clauses, data, count(*)::text as count from taken
      group by action, service, code, clauses, data`.execute(tx);
    for (const row of rows) {
      const { action, service, code, clauses, data } = row;
      const request: Request = { action, service, data, actor: { kind: 'public' } };
      const body = entryOf({
        kind: 'refuse',
        at: context.clock.now(),
        request,
        clauses,
        policy,
        code,
        count: Number(row.count),
      });
      await tx
        .insertInto('ledger_entries')
        .values({ body, seal: context.sealer.seal(body) })
        .execute();
    }
    return rows.length;
  });
}

/**
 * The request with only words that the policy declares: what a caller made up (an undeclared field may be called by a person's
 * name) never reaches the ledger.
 */
function knownWords(policy: PolicyInForce, request: Request): Request {
  const { terms } = policy.document;
  const known = <T extends string>(kind: Record<string, unknown>, word: T | undefined): T | undefined =>
    word !== undefined && Object.hasOwn(kind, word) ? word : undefined;
  const actor = known(terms.functions, request.actor.function);
  return {
    action: request.action,
    actor: actor === undefined ? { kind: request.actor.kind } : { kind: request.actor.kind, function: actor },
    data: request.data.filter((word) => Object.hasOwn(terms.data, word)),
    ...(known(terms.purposes, request.purpose) && { purpose: request.purpose! }),
    ...(known(terms.services, request.service) && { service: request.service! }),
    ...(known(terms.recipients, request.recipient) && { recipient: request.recipient! }),
  };
}
