import { decide, type Decision, type Request } from '@troth/policy';
import { standingOf, type Standing } from './standing.ts';
import type { GateContext } from './context.ts';
import { issue, PERMIT_LIFE_MS, type Permit } from './permit.ts';
import { personGone, Refusal } from './refusal.ts';
import { countRefusal, witnessRefusal } from './witness.ts';

/** What may be asked of the gate. Facts about the person's answers are the gate's to look up; the rest is the caller's to state. */
export interface Ask {
  request: Request;
  /** Whom it is about; undefined for someone not known yet. */
  person?: string;
}

/** A decision that said yes: the permit, and what the policy adds to it. */
export interface Permitted {
  permit: Permit;
  decision: Extract<Decision, { permit: true }>;
}

/**
 * Asks the policy in force. Default is refusal.
 * @throws Refusal with codes and clauses; the refusal is witnessed in the ledger before it is told.
 */
export async function askGate(context: GateContext, ask: Ask): Promise<Permitted> {
  const policy = context.policy();
  const standing = ask.person === undefined ? undefined : await standingOf(context, ask.person);
  if (ask.person !== undefined && standing === undefined) {
    await countRefusal(context, { action: ask.request.action, service: '', code: 'not_own', clauses: [], data: [] });
    throw personGone();
  }
  const request: Request = { ...ask.request, facts: { ...ask.request.facts, ...answersOf(ask.request, standing) } };
  const decision = decide(policy.tables, request);
  if (!decision.permit) {
    const refusal = new Refusal(decision);
    await witnessRefusal(context, policy, request, refusal, standing?.person);
    throw refusal;
  }
  const permit = issue({
    request,
    duties: decision.duties,
    clauses: decision.clauses,
    basis: decision.basis,
    person: ask.person,
    epoch: standing?.epoch ?? 0,
    policy: policy.hash,
    until: context.clock.now().getTime() + PERMIT_LIFE_MS,
  });
  return { permit, decision };
}

/**
 * The person's answers as facts: those on record and no others. Someone who is not known yet has given none; what they agree to
 * with their first submission counts from then on.
 */
function answersOf(request: Request, standing: Standing | undefined): Request['facts'] {
  return {
    consents: standing?.consents ?? [],
    objections: standing?.objections ?? [],
    acknowledged: request.facts?.acknowledged === true || (standing?.acknowledged.length ?? 0) > 0,
  };
}
