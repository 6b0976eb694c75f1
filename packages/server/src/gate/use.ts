import { sql } from 'kysely';
import type { Duty } from '@troth/policy';
import { TrothError } from '../platform/errors.ts';
import type { Records } from '../platform/schema.ts';
import { open } from '../vault/door.ts';
import { mask } from '../vault/index.ts';
import type { GateContext } from './context.ts';
import { evidenceOf, recordPlace, type Grounds } from './evidence.ts';
import { spend, type Permit } from './permit.ts';
import { overtaken } from './overtaken.ts';
import { personGone } from './refusal.ts';

/** A value that left the vault, masked or clear as the policy says, with where it comes from. */
export interface Held {
  field: string;
  value: string;
  masked: boolean;
  service: string;
  caseId: string | null;
  clause: string;
  purposes: string[];
  since: Date;
}

/**
 * Opens a person's values for a use that the policy permits. The reading is in the ledger before any value is opened.
 * @param permit to `use`, or to `view` (the person's own look)
 * @param from which of the person's records; by default all of the permitted fields
 * @throws Refusal where the person's standing changed after the decision
 */
export async function use(
  context: GateContext,
  permit: Permit,
  action: 'use' | 'view',
  person: string,
  grounds: Grounds = {},
  from: { caseId?: string } = {},
): Promise<Held[]> {
  const at = context.clock.now();
  const grant = spend(permit, action, at.getTime());
  if (grant.person !== person) {
    throw new TrothError('permit-exceeded', 'expected the person whom the permit names; came another');
  }
  const key = await context.keyring.key(person);
  if (key === undefined) throw personGone();
  const evidence = evidenceOf(
    context,
    key,
    person,
    { kind: 'use', at, request: grant.request, clauses: grant.clauses, policy: grant.policy },
    grounds,
  );
  const fields = [...grant.request.data];
  const inCase = from.caseId === undefined ? sql`` : sql`and r.case_id = ${from.caseId}::uuid`;
  const { service } = grant.request;
  const atService = service === undefined ? sql`` : sql`and r.service = ${service}`;
  const { rows } = await sql<Records & { logged: string }>`
    with alive as (
      select person_id from people
      where person_id = ${person}::uuid and consent_epoch = ${grant.epoch} and erased_at is null for share
    ), entry as (
      insert into ledger_entries (body, seal)
      select ${evidence.body}::bytea, ${evidence.seal}::bytea from alive returning id
    ), opening as (
      insert into ledger_openings (person_id, entry_id, sealed)
      select ${person}::uuid, id, ${evidence.sealed}::bytea from entry
    )
    select r.*, entry.id as logged from entry left join records r
      on r.person_id = ${person}::uuid and r.field = any(${fields}::text[]) ${inCase} ${atService}
    order by r.collected_at, r.field`.execute(context.db);
  if (rows.length === 0) await overtaken(context, grant);
  const masks = context.policy().document.terms.data;
  return rows
    .filter((row) => row.record_id !== null)
    .map((row) => {
      const clear = open(key, recordPlace(context, row), row.envelope).toString();
      const masked = isMasked(grant.duties, row.field);
      return {
        field: row.field,
        value: masked ? mask(masks[row.field]?.mask ?? 'all', clear) : clear,
        masked,
        service: row.service,
        caseId: row.case_id,
        clause: row.clause,
        purposes: row.purposes,
        since: row.collected_at,
      };
    });
}

/** Whether the decision's duties say to mask a field. */
function isMasked(duties: readonly Duty[], field: string): boolean {
  return duties.some((duty) => duty.kind === 'mask' && duty.data.includes(field));
}
