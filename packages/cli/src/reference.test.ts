// docs/reference/cli.md: every command in it is run, and answers as it says there.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ROOT, startServer, troth, type Server } from '../../../tests/harness/server.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

interface Step {
  line: number;
  command: string;
  answer: string;
}

const text = readFileSync(join(ROOT, 'docs/reference/cli.md'), 'utf8');
const blocks = [...text.matchAll(/^```console.*\n([\s\S]*?)^```$/gm)].map(({ 1: body, index }) =>
  stepsOf(body!, text.slice(0, index).split('\n').length + 1),
);
const scratch = mkdtempSync(join(tmpdir(), 'troth-reference-'));
let server: Server;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.end();
  rmSync(scratch, { recursive: true, force: true });
});

it('names every command', () => {
  const listed = troth(['--help']).stdout;
  const names = [...listed.matchAll(/^ {2}([a-z-]+(?: [a-z-]+)?) {2,}/gm)].map((match) => match[1]);
  expect(names.length).toBeGreaterThan(7);
  for (const name of names) expect(text).toContain(`$ ./troth ${name} --help`);
});

it.each(blocks.map((steps) => [steps[0]!.line, steps] as const))(
  'line %i and what follows it',
  async (_line, steps) => {
    const mark = '\u001e';
    // One shell a block, so that `$?` is what the command before it ended with.
    const script = steps.map(({ command }) => `${command}\nlast=$?; printf '${mark}'; (exit $last)`).join('\n');
    const answers = (await output(`exec 2>&1\n${script}`)).split(mark);
    for (const [i, { command, answer }] of steps.entries()) expect(answers[i], command).toMatch(pattern(answer));
  },
);

/** What a script of bash prints. Not waited for by standing still: this process has to see its server end. */
async function output(script: string): Promise<string> {
  const env = { ...process.env, DATA: server.data, SCRATCH: scratch, URL: server.url, SERVER: String(server.pid) };
  const child = spawn('bash', ['-c', script], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  await once(child, 'close');
  return text;
}

function stepsOf(body: string, from: number): Step[] {
  const steps: Step[] = [];
  for (const [i, line] of body.trimEnd().split('\n').entries()) {
    if (line.startsWith('$ ')) steps.push({ line: from + i, command: line.slice(2), answer: '' });
    else steps.at(-1)!.answer += `${line}\n`;
  }
  return steps;
}

/** An answer as it is written: `…` stands for anything in a line, on a line of its own for any lines. */
function pattern(answer: string): RegExp {
  const lines = answer
    .split('\n')
    .slice(0, -1)
    .map((line) => (line === '…' ? '(?:.*\\n)*' : `${line.split('…').map(RegExp.escape).join('.*')}\\n`));
  return new RegExp(`^${lines.join('')}$`);
}
