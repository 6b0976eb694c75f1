import { readFileSync } from 'node:fs';
import type { Clause } from '@troth/policy';
import type { PolicyInForce } from '../gate/index.ts';

export type ClauseState = 'kept' | 'statement' | 'open' | 'broken' | 'untested';

/** What the last run of the tests from outside says of the clauses, as `./test` writes it. */
export interface ClauseResults {
  commit: string;
  dirty: boolean;
  at: string;
  policies: Record<string, string>;
  tests: { clauses: string[]; file: string; name: string; state: 'passed' | 'failed' | 'skipped' }[];
}

/** Reads the results of the last run; undefined where there is none, or none of this commit where one is named. */
export function readResults(file: string, commit?: string): ClauseResults | undefined {
  try {
    const results = JSON.parse(readFileSync(file, 'utf8')) as ClauseResults;
    return commit === undefined || results.commit === commit ? results : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether a clause is kept, from test results alone. Results of another text of the policy count for nothing.
 * kept: it has tests and all ran and pass; broken: one fails; open: nothing shows it, or not the whole of it; statement: nothing to run, and no test denies it.
 */
export function stateOf(
  clause: Clause,
  policy: Pick<PolicyInForce, 'document' | 'hash'>,
  results: ClauseResults | undefined,
): ClauseState {
  if (results === undefined || results.policies[policy.document.id] !== policy.hash.toString('hex')) {
    return clause.statement === undefined ? 'untested' : 'statement';
  }
  const tests = results.tests.filter(({ clauses }) => clauses.includes(clause.id));
  if (tests.some(({ state }) => state === 'failed')) return 'broken';
  if (clause.statement !== undefined) return 'statement';
  return tests.length > 0 && tests.every(({ state }) => state === 'passed') ? 'kept' : 'open';
}
