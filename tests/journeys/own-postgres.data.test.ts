import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../packages/server/src/platform/testing/database.ts';
import { newMember, newOperator } from '../harness/people.ts';
import { ROOT, startServer, type Server } from '../harness/server.ts';

let records: TestDatabase;
let keyring: TestDatabase;
let server: Server;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  [records, keyring] = [await emptyDatabase(), await emptyDatabase()];
  env = { DATABASE_URL: records.url, KEYRING_DATABASE_URL: keyring.url };
  server = await startServer({ env });
});
afterAll(async () => {
  await server.end();
  await records.drop();
  await keyring.drop();
});

/** ./troth with the environment that the server has. */
function beside(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'troth'), [...args, '--data', server.data], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

it('lives on two PostgreSQL databases of your own, from the form to the erasure', async () => {
  Object.assign(process.env, env);
  const member = await newMember(server);
  const officer = await newOperator(server);
  for (const name of Object.keys(env)) delete process.env[name];

  const { rows } = await records.pool.query('select count(*)::int as people from people');
  expect(rows[0]).toEqual({ people: 2 });
  const read = await officer.api('POST', '/api/desk/read', {
    identifier: member.email,
    data: 'email_address',
    purpose: 'legal_compliance',
    reference: 'court order 7',
  });
  expect(read.json.held).toMatchObject([{ value: member.email, masked: false }]);
  expect(beside('ledger', 'verify').status).toBe(0);

  const erased = beside('people', 'erase', '--email', member.email, '--yes');
  expect(erased.stderr).toBe('');
  expect(erased.status).toBe(0);
  expect((await member.client.get('/api/me')).status).toBe(401);
  const { rows: left } = await records.pool.query('select count(*)::int as values from records');
  expect(left[0]).toEqual({ values: 0 });
  expect(beside('ledger', 'verify').status).toBe(0);
});

it('refuses a keyring that is empty beside records with people, and changes nothing', async () => {
  const other = await emptyDatabase();
  await server.stop();
  await expect(startServer({ data: server.data, env: { ...env, KEYRING_DATABASE_URL: other.url } })).rejects.toThrow(
    /keyring/,
  );
  const { rows } = await records.pool.query('select count(*)::int as people from people where erased_at is null');
  expect(rows[0]).toEqual({ people: 1 });
  await other.drop();
  server = await startServer({ data: server.data, env });
});
