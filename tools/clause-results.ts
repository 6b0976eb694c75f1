import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Reporter, TestModule } from 'vitest/node';

/** What one test under tests/clauses/ says about the clauses that its name begins with. */
export interface ClauseTest {
  clauses: string[];
  file: string;
  name: string;
  state: 'passed' | 'failed' | 'skipped';
}

/** results/clauses.json: which clauses were shown to be kept, on which state of the code and of the policies. */
export interface ClauseResults {
  /** The commit that ran; empty where git does not say. */
  commit: string;
  /** Whether files differed from that commit. */
  dirty: boolean;
  /** SHA-256 (hex) of each policy file, by the id of the policy. */
  policies: Record<string, string>;
  at: string;
  /** Whether the whole suite ran, or only a part of it. */
  complete: boolean;
  tests: ClauseTest[];
}

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const FILE = join(ROOT, 'results', 'clauses.json');
const NAMED = /^((?:[a-z]+-[A-Za-z0-9.-]+)(?:, ?[a-z]+-[A-Za-z0-9.-]+)*):\s/;

/** The clause ids at the start of a test's name: `mic-11: ...` or `mic-11, mic-12: ...`. */
export function clausesOfName(name: string): string[] {
  const found = NAMED.exec(name)?.[1];
  return found === undefined ? [] : found.split(',').map((id) => id.trim());
}

/**
 * Puts the results of a run beside those that are there. A run of a part replaces what it ran again on the same state, and
 * never takes the place of a whole run with less.
 * @returns undefined when what is there shall stay as it is
 */
export function mergeResults(
  old: ClauseResults | undefined,
  fresh: ClauseResults,
  ran: readonly string[],
): ClauseResults | undefined {
  if (fresh.complete || old === undefined) return fresh;
  const state = (results: ClauseResults): string => JSON.stringify([results.commit, results.dirty, results.policies]);
  if (state(old) !== state(fresh)) return old.complete ? undefined : fresh;
  const kept = old.tests.filter((test) => !ran.includes(test.file));
  return { ...fresh, complete: old.complete, tests: [...kept, ...fresh.tests] };
}

/** Writes results/clauses.json after a run, for `./troth clauses` and the policy page. */
export default class implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    // The second run on an older database shows nothing new about clauses.
    if (process.env['TROTH_TEST_PG']) return;
    const ours = modules.filter((module) => fileOf(module).startsWith('tests/clauses/'));
    const complete = process.env['TROTH_FULL_RUN'] === '1';
    if (ours.length === 0 && !complete) return;
    const fresh: ClauseResults = {
      ...stateOfCode(),
      policies: hashesOfPolicies(),
      at: new Date().toISOString(),
      complete,
      tests: ours.flatMap(testsOf),
    };
    const merged = mergeResults(readOld(), fresh, ours.map(fileOf));
    if (merged === undefined) return;
    mkdirSync(join(ROOT, 'results'), { recursive: true });
    writeFileSync(`${FILE}.new`, `${JSON.stringify(merged, null, 1)}\n`);
    renameSync(`${FILE}.new`, FILE);
  }
}

function testsOf(module: TestModule): ClauseTest[] {
  const tests: ClauseTest[] = [];
  for (const test of module.children.allTests()) {
    const clauses = clausesOfName(test.name);
    if (clauses.length === 0) continue;
    const { state } = test.result();
    tests.push({ clauses, file: fileOf(module), name: test.name, state: state === 'pending' ? 'skipped' : state });
  }
  // A file that could not even be read has shown nothing, and must not look as if it had no tests.
  if (tests.length === 0) tests.push({ clauses: [], file: fileOf(module), name: '', state: 'failed' });
  return tests;
}

const fileOf = (module: TestModule): string => relative(ROOT, module.moduleId);

function stateOfCode(): { commit: string; dirty: boolean } {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', ROOT, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    return { commit: git('rev-parse', 'HEAD').trim(), dirty: git('status', '--porcelain').trim() !== '' };
  } catch {
    // No git here, or a checkout of someone else's, which git will not speak about.
    return { commit: '', dirty: true };
  }
}

function hashesOfPolicies(): Record<string, string> {
  const hashes: Record<string, string> = {};
  for (const entry of readdirSync(join(ROOT, 'policies'), { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const source = readFileSync(join(ROOT, 'policies', entry.name, 'policy.md'));
    const id = /^policy:\s*([a-z0-9-]+)/m.exec(source.toString('utf8'))?.[1] ?? entry.name;
    hashes[id] = createHash('sha256').update(source).digest('hex');
  }
  return hashes;
}

function readOld(): ClauseResults | undefined {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as ClauseResults;
  } catch {
    return undefined;
  }
}
