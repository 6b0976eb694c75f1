import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { PolicyDocument } from '@troth/policy';
import { stateOf, type ClauseResults } from '../../server/src/notices/kept.ts';
import { TrothError } from '../../server/src/platform/errors.ts';
import { loadFile } from './policy-file.ts';

/** A clause of the yardstick, with how it is kept. */
export interface ClauseReport {
  id: string;
  source: string;
  capability: string;
  status: 'kept' | 'statement' | 'open' | 'broken';
  /** Names of the tests that speak of it. */
  tests: string[];
}

/** A policy as it lies in the checkout, and the SHA-256 of its text. */
interface Policy {
  document: PolicyDocument;
  hash: Buffer;
}

/** The policies of a folder: of each folder in it, its own, or the one file that it names. @throws TrothError `policy-unreadable`, `policy-invalid` */
export async function readPolicies(path: string): Promise<Policy[]> {
  const files = policyFiles(path);
  if (files.length === 0) {
    throw new TrothError(
      'policy-unreadable',
      'expected a folder with policies, such as policies/; there is none in it',
      { file: path, hint: 'name one with --policy DIR' },
    );
  }
  return Promise.all(files.map(readPolicy));
}

async function readPolicy(file: string): Promise<Policy> {
  const { document, tables, source } = await loadFile(file);
  if (document !== undefined && tables !== undefined) {
    return { document, hash: createHash('sha256').update(source).digest() };
  }
  throw new TrothError('policy-invalid', 'expected a policy without errors', { file, hint: `./troth check ${file}` });
}

function policyFiles(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  const folders = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [path, ...folders.map(({ name }) => join(path, name))]
    .map((folder) => join(folder, 'policy.md'))
    .filter((file) => existsSync(file));
}

/**
 * How each clause of the yardstick is kept. A clause that no policy states, or that nothing shows to be kept, is open.
 * @param results of the last run, if they count
 */
export function reportClauses(
  yardstick: readonly Omit<ClauseReport, 'status' | 'tests'>[],
  policies: readonly Policy[],
  results: ClauseResults | undefined,
): ClauseReport[] {
  const stated = new Map(
    policies.flatMap((policy) => policy.document.clauses.map((clause) => [clause.id, { policy, clause }])),
  );
  return yardstick.map(({ id, source, capability }) => {
    const found = stated.get(id);
    if (found === undefined) return { id, source, capability, status: 'open', tests: [] };
    const { policy, clause } = found;
    const state = stateOf(clause, policy, results);
    const counted = testsCount(policy, results) ? results!.tests.filter(({ clauses }) => clauses.includes(id)) : [];
    return {
      id,
      source,
      capability,
      status: state === 'untested' ? 'open' : state,
      tests: counted.map(({ name }) => name),
    };
  });
}

/** Do the results speak of this very text? */
export function testsCount({ document, hash }: Policy, results: ClauseResults | undefined): boolean {
  return results?.policies[document.id] === hash.toString('hex');
}
