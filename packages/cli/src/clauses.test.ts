import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { ROOT, troth } from '../../../tests/harness/server.ts';
import type { ClauseReport } from './clause-report.ts';

// Each command is a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const dir = mkdtempSync(join(tmpdir(), 'troth-clauses-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const git = (...args: string[]): string => spawnSync('git', ['-C', ROOT, ...args], { encoding: 'utf8' }).stdout.trim();
const hashOf = (name: string): string =>
  createHash('sha256')
    .update(readFileSync(join(ROOT, 'policies', name, 'policy.md')))
    .digest('hex');
// Read for each run anew: whoever works on a policy or commits while these run does not make them fail.
const policies = (): object => ({ 'made-in-china': hashOf('made-in-china'), haier: hashOf('haier') });
const test = (clauses: string, state: string): object => ({
  clauses: clauses.split(', '),
  file: 'tests/clauses/x.test.ts',
  name: `${clauses}: a test`,
  state,
});

/** Runs the command on results of ours. */
function clauses(
  results: object | undefined,
  ...args: string[]
): { status: number | null; stdout: string; stderr: string; report(id: string): ClauseReport } {
  const file = join(dir, `${Math.random()}.json`);
  if (results !== undefined)
    writeFileSync(
      file,
      JSON.stringify({
        commit: git('rev-parse', 'HEAD'),
        dirty: false,
        at: '',
        complete: true,
        policies: policies(),
        tests: [],
        ...results,
      }),
    );
  const done = troth(['clauses', '--results', file, ...args]);
  return { ...done, report: (id) => (JSON.parse(done.stdout) as ClauseReport[]).find((one) => one.id === id)! };
}

it('says "not tested" without results, and to programs that everything is open', () => {
  const { status, stdout, stderr } = clauses(undefined);
  expect([status, stdout]).toEqual([0, 'not tested\n']);
  expect(stderr).toMatch(/^not tested: there is no .*\nhint: run \.\/test\n$/);
  const json = clauses(undefined, '--json');
  const all = JSON.parse(json.stdout) as ClauseReport[];
  expect(all).toHaveLength(421);
  expect(all.every(({ tests, status }) => tests.length === 0 && (status === 'open' || status === 'statement'))).toBe(
    true,
  );
  expect(json.report('mic-11')).toEqual({
    id: 'mic-11',
    source: 'mic',
    capability: expect.any(String),
    status: 'open',
    tests: [],
  });
});

it('tells kept, statement, open and broken by the tests that name a clause', () => {
  const results = {
    tests: [
      test('mic-11, mic-12', 'passed'),
      test('mic-12', 'failed'),
      test('mic-13', 'skipped'),
      test('huawei-01', 'passed'),
    ],
  };
  const found = clauses(results, '--json');
  expect(found.status).toBe(1);
  expect(found.report('mic-11')).toMatchObject({ status: 'kept', tests: ['mic-11, mic-12: a test'] });
  expect(found.report('mic-12')).toMatchObject({
    status: 'broken',
    tests: ['mic-11, mic-12: a test', 'mic-12: a test'],
  });
  expect(found.report('mic-13').status).toBe('open');
  const statement = (JSON.parse(found.stdout) as ClauseReport[]).find(({ status }) => status === 'statement')!;
  const denied = clauses({ tests: [test(statement.id, 'failed')] }, '--json');
  expect(denied.report(statement.id).status).toBe('broken');
  const text = clauses(results).stdout;
  expect(text).toMatch(/^mic: 1 kept, \d+ statement, \d+ open, 1 broken$/m);
  expect(text).toMatch(/^ {4}kept +mic-11$/m);
  expect(text).toMatch(/^421 clauses: 1 kept, \d+ statement, \d+ open, 1 broken\n$/m);
});

it('takes no results of another text of a policy', () => {
  const { report, stderr } = clauses(
    {
      policies: { ...policies(), haier: 'f'.repeat(64) },
      tests: [test('mic-11', 'passed'), test('haier-05', 'passed')],
    },
    '--json',
  );
  expect([report('mic-11').status, report('haier-05').status, report('haier-05').tests]).toEqual(['kept', 'open', []]);
  expect(stderr).toContain('warning: the text of haier is not the one that was tested');
});

it('takes results of another commit only where nothing that matters has changed since', () => {
  const root = git('rev-list', '--max-parents=0', 'HEAD').split('\n')[0]!;
  const tests = [test('mic-11', 'passed')];
  const old = clauses({ commit: root, tests });
  expect(old.stdout).toBe('not tested\n');
  expect(old.stderr).toContain('what matters has changed since');
  for (const commit of ['', '0'.repeat(40), '--output=x'])
    expect(clauses({ commit, tests }).stdout).toBe('not tested\n');
  // A commit that git knows and that has the very same files: made here, on no branch.
  const twin = git('-c', 'user.name=t', '-c', 'user.email=t@example.org', 'commit-tree', 'HEAD^{tree}', '-m', 'twin');
  const same = clauses({ commit: twin, tests }, '--json');
  expect(same.report('mic-11').status).toBe('kept');
  expect(same.stderr).toContain('nothing under packages/, policies/ or tests/ has changed since');
});

it('goes by another folder of policies', () => {
  mkdirSync(join(dir, 'empty'));
  const none = troth(['clauses', '--policy', join(dir, 'empty')]);
  expect(none.status).toBe(2);
  expect(none.stderr).toMatch(/^error: .*: expected a folder with policies/);
  const one = clauses(
    { tests: [test('mic-11', 'passed'), test('haier-05', 'passed')] },
    '--policy',
    'policies/haier',
    '--json',
  );
  expect([one.report('haier-05').status, one.report('mic-11').status]).toEqual(['kept', 'open']);
});
