import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newMember } from '../harness/people.ts';
import { ROOT, startServer, type Server } from '../harness/server.ts';
import { commandsOf, snippets } from './snippets.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer();
  await newMember(server, { email_address: 'you@example.org' });
});
afterAll(() => server.end());

/** Runs a command of the README in bash, on this test's own house. */
function run(command: string): { status: number | null; stdout: string; stderr: string } {
  const here = command.replaceAll('localhost:8080', new URL(server.url).host);
  const { status, stdout, stderr } = spawnSync('bash', ['-c', here], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, TROTH_DATA: server.data },
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

it('does what the README says, word for word', () => {
  const blocks = snippets('README.md');
  const shell = blocks.filter(({ language }) => language === 'sh').flatMap(commandsOf);
  expect(shell.length).toBeGreaterThanOrEqual(5);
  const results = new Map(shell.map((command) => [command, run(command)]));
  for (const [command, { status, stderr }] of results) expect(status, `${command}\n${stderr}`).toBe(0);

  const printed = (part: string): string => [...results].find(([command]) => command.includes(part))![1].stdout;
  const answer = JSON.parse(blocks.find(({ language }) => language === 'json')!.text) as object;
  expect(JSON.parse(printed('curl'))).toMatchObject(answer);
  expect(printed('add-operator')).toMatch(/\/set-password\?token=[\w-]{43}/);
  expect(JSON.parse(printed('decide'))).toMatchObject({ permit: false, clauses: expect.arrayContaining(['mic-26']) });
  expect(printed('ledger verify')).toMatch(/holds/i);
  expect(printed('people erase')).not.toContain('you@example.org');
}, 120_000);
