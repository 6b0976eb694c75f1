import { explain, type Decision, type Tables } from '@troth/policy';
import { TrothError } from '../platform/errors.ts';

/** A decision that said no. */
export type Refused = Extract<Decision, { permit: false }>;

/**
 * The gate's no: it carries the decision, so that whoever shows it can name clauses and say the words in the reader's language.
 * Its message holds the code and the clauses only; never a value.
 */
export class Refusal extends TrothError {
  readonly decision: Refused;
  constructor(decision: Refused) {
    super(decision.code, `refused (${decision.code}) on ${decision.clauses.join(', ') || 'the default'}`);
    this.decision = decision;
  }
}

/** The sentences of a refusal, one a finding, in the reader's language. */
export function sayRefusal(tables: Tables, refusal: Refusal, language: string): string[] {
  return explain(tables, refusal.decision, language);
}

/** There is nobody: unknown or erased, which nobody is told apart. */
export function personGone(): TrothError {
  return new TrothError('person-gone', 'expected a person whom this house knows; there is none, or no more');
}
