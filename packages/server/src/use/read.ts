import { INDEX } from '../accounts/index.ts';
import { caseOf } from '../desks/index.ts';
import type { House } from '../gate/house.ts';
import type { Held } from '../gate/index.ts';
import { TrothError } from '../platform/errors.ts';

/** What an operator wants to read, of whom, and for what. */
export interface ReadRequest {
  /** The member's exact identifier, or the id of a case in the queue. */
  whom: { identifier: string } | { caseId: string };
  data: string[];
  purpose: string;
  reason: string;
  reference: string;
}

/** What an operator was given to read, and the clauses on which. */
export interface ReadAnswer {
  /** Undefined where the policy permits it and there is nobody. */
  held: Held[] | undefined;
  clauses: readonly string[];
}

/**
 * Reads for an operator, if the policy lets staff read these data for that purpose. Answers the same refusal whether the person
 * exists or not: the policy is asked before anybody is told.
 * @throws Refusal naming the clause and what is missing
 */
export async function readForOperator(house: House, officer: string, wanted: ReadRequest): Promise<ReadAnswer> {
  if (wanted.data.length === 0) throw new TrothError('nothing-asked', 'expected at least one field to read; came none');
  const target = await targetOf(house, wanted.whom);
  const { permit, decision } = await house.gate.ask({
    ...(target.person !== undefined && { person: target.person }),
    request: {
      action: 'use',
      actor: { kind: 'staff' },
      data: wanted.data,
      ...(wanted.purpose !== '' && { purpose: wanted.purpose }),
      ...(target.service !== undefined && { service: target.service }),
      facts: {
        officer: true,
        reason: wanted.reason !== '',
        necessity: wanted.reason !== '',
        reference: wanted.reference !== '',
      },
    },
  });
  const { clauses } = decision;
  if (target.person === undefined) return { held: undefined, clauses };
  const grounds = {
    officer,
    ...(wanted.reason !== '' && { reason: wanted.reason }),
    ...(wanted.reference !== '' && { reference: wanted.reference }),
  };
  const from = target.caseId === undefined ? {} : { caseId: target.caseId };
  return { held: await house.gate.use(permit, 'use', target.person, grounds, from), clauses };
}

interface Target {
  person?: string;
  service?: string;
  caseId?: string;
}

async function targetOf(house: House, whom: ReadRequest['whom']): Promise<Target> {
  if ('caseId' in whom) {
    const found = await caseOf(house, whom.caseId);
    return found === undefined ? {} : { person: found.person_id, service: found.service, caseId: found.case_id };
  }
  const service = Object.values(house.policy().document.terms.services).find(({ kind }) => kind === 'account')?.id;
  const person =
    (await house.keyring.findIndex(INDEX.email, whom.identifier)) ??
    (await house.keyring.findIndex(INDEX.newcomer, whom.identifier));
  return { ...(person !== undefined && { person }), ...(service !== undefined && { service }) };
}
