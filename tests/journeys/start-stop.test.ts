import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from '../harness/client.ts';
import { newMember, PASSWORD } from '../harness/people.ts';
import { eventually, startServer, type Server } from '../harness/server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.end());

/** Processes whose command line names a folder. */
function processesOf(folder: string): string[] {
  return execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder) && !line.includes('ps -eo'));
}

it('is alive and ready, over HTTP and over HTTPS, and says so in one line', async () => {
  const client = new Client(server.url);
  expect((await client.get('/healthz')).json).toEqual({ status: 'alive' });
  expect((await client.get('/readyz')).json).toEqual({ status: 'ready' });
  expect(server.https).toMatch(/^https:\/\//);
  expect(server.output().match(/^Troth keeps /gm)).toHaveLength(1);
});

it('lets one server live in a data directory: a second one says so and exits', async () => {
  await expect(startServer({ data: server.data })).rejects.toThrow(/served already: process \d+/);
  expect((await new Client(server.url).get('/readyz')).status).toBe(200);
});

it('recovers what it acknowledged after a kill -9, and ends the orphaned database', async () => {
  const member = await newMember(server);
  await server.kill();
  expect(processesOf(server.data).length).toBeGreaterThan(0);
  server = await startServer({ data: server.data });
  const client = new Client(server.url);
  expect((await client.api('POST', '/api/session', { id: member.email, password: PASSWORD })).status).toBe(200);
  expect((await client.get('/api/me')).json.held).toContainEqual(expect.objectContaining({ value: member.email }));
  expect(server.troth('ledger', 'verify').status).toBe(0);
});

it('stops cleanly on SIGTERM and on SIGINT, the database too', async () => {
  expect(await server.stop()).toBe(0);
  await eventually(() => processesOf(server.data).length === 0 || undefined);
  server = await startServer({ data: server.data });
  process.kill(server.pid, 'SIGINT');
  await eventually(() => processesOf(server.data).length === 0 || undefined);
  expect(server.output()).not.toMatch(/error|Error/);
});

it('lives by versions of one policy: another company’s is refused on the same directory', async () => {
  await server.stop();
  const haier = 'policies/haier/policy.md';
  await expect(startServer({ data: server.data, policy: haier })).rejects.toThrow(
    /version of the policy made-in-china.*\nhint: /,
  );
  server = await startServer({ data: server.data });
  expect((await new Client(server.url).get('/api/policy')).json.id).toBe('made-in-china');
});

it('says what is wrong with a bad option or a bad policy, and what to do', async () => {
  await expect(startServer({ args: ['--prot', '1'] })).rejects.toThrow(/error: .*\n?hint: /);
  await expect(startServer({ policy: 'README.md' })).rejects.toThrow(/error: .*README\.md:\d+/);
  await expect(startServer({ policy: 'no/such/file.md' })).rejects.toThrow(/expected a policy file at .*\nhint: /);
});
