import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readResults, type ClauseResults } from '../../../server/src/notices/kept.ts';
import { readPolicies, reportClauses, testsCount, type ClauseReport } from '../clause-report.ts';
import { JSON_HELP, type Command } from '../command.ts';
import { hasEdits, standingOf } from '../git.ts';
import { print, printJson, say } from '../output.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const STATUSES = ['kept', 'statement', 'open', 'broken'] as const;

/** `./troth clauses`: what the last run of the tests showed of the 421 clauses. */
export const command: Command = {
  help: `Usage: ./troth clauses [--policy DIR] [--json]

Tells, for each clause of conformance/clauses.json, by source and capability:

  kept        tests name it, and all of them pass
  statement   it tells how things stand, and no test denies it
  open        no policy here states it, or no test shows it kept
  broken      a test that names it fails

It goes by results/clauses.json, which ./test writes, and only where these results speak of the commit that is checked out and of the
very text of the policy. Without results it says "not tested".

  --policy DIR      a folder of policies, or of one (policies)
  --results FILE    other results (results/clauses.json)
${JSON_HELP}: an array of {id, source, capability, status, tests}

Exit codes: 0 none is broken, 1 one is, 2 policies or clauses could not be read.`,
  options: { policy: 'text', results: 'text', json: 'flag' },
  words: { least: 0, most: 0, what: '' },
  failed: 2,
  async run(_words, given) {
    const path = typeof given['policy'] === 'string' ? resolve(given['policy']) : resolve(ROOT, 'policies');
    const policies = await readPolicies(path);
    const yardstick = JSON.parse(await readFile(resolve(ROOT, 'conformance/clauses.json'), 'utf8')) as ClauseReport[];
    const results = resultsThatCount(
      typeof given['results'] === 'string' ? resolve(given['results']) : resolve(ROOT, 'results/clauses.json'),
    );
    for (const policy of results === undefined ? [] : policies) {
      if (!testsCount(policy, results))
        say(`warning: the text of ${policy.document.id} is not the one that was tested; its clauses count as open`);
    }
    const report = reportClauses(yardstick, policies, results);
    if (given['json'] === true) printJson(report);
    else if (results === undefined) print('not tested');
    else for (const line of told(report)) print(line);
    return report.some(({ status }) => status === 'broken') ? 1 : 0;
  },
};

/** The results of the last run, if they speak of what is checked out; says on standard error why not, or what to mind. */
function resultsThatCount(file: string): ClauseResults | undefined {
  const results = readResults(file);
  const none = (why: string): undefined => {
    say(`not tested: ${why}`);
    say('hint: run ./test');
  };
  if (results === undefined)
    return none(`there is no ${relative(ROOT, file).startsWith('..') ? file : relative(ROOT, file)}`);
  switch (standingOf(ROOT, results.commit)) {
    case 'unknown':
      return none('git does not tell whether the results are of what is checked out');
    case 'changed':
      return none(`the results are of commit ${results.commit.slice(0, 12)}, and what matters has changed since`);
    case 'same-in-what-matters':
      say(
        `the results are of commit ${results.commit.slice(0, 12)}; nothing under packages/, policies/ or tests/ has changed since`,
      );
      break;
    case 'same':
      break;
  }
  if (results.dirty) say('warning: the tests ran on files that differed from their commit');
  else if (hasEdits(ROOT)) say('warning: files differ from the commit that was tested');
  return results;
}

function told(report: ClauseReport[]): string[] {
  const lines: string[] = [];
  for (const [source, ofSource] of grouped(report, ({ source }) => source)) {
    lines.push(`${source}: ${sums(ofSource)}`);
    for (const [capability, clauses] of grouped(ofSource, ({ capability }) => capability)) {
      lines.push(`  ${capability}`);
      for (const status of STATUSES) {
        const ids = clauses.filter((clause) => clause.status === status).map(({ id }) => id);
        if (ids.length > 0) lines.push(`    ${status.padEnd(10)} ${ids.join(', ')}`);
      }
    }
  }
  return [...lines, `${report.length} clauses: ${sums(report)}`];
}

function sums(report: ClauseReport[]): string {
  return STATUSES.map((status) => `${report.filter((clause) => clause.status === status).length} ${status}`).join(', ');
}

function grouped<Item>(items: Item[], by: (item: Item) => string): [string, Item[]][] {
  return [...Map.groupBy(items, by)];
}
