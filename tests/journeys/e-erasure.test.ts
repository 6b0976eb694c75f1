import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tracesIn } from '../harness/bytes.ts';
import { Client } from '../harness/client.ts';
import { mailsTo, newMember, newOperator, PASSWORD, type Member } from '../harness/people.ts';
import { byHand } from '../harness/records.ts';
import { startServer, type Server } from '../harness/server.ts';

/** What must be nowhere once somebody is erased: what they said, and every byte that could open it or find them. */
interface Traces {
  clear: string[];
  secret: Map<string, Buffer>;
}

let server: Server;
let gone: Member;
let stays: Member;
let correspondent: string;
let officer: Client;
let traces: Traces;
let file: string;
let output = '';

beforeAll(async () => {
  server = await startServer();
  [gone, stays] = [await newMember(server), await newMember(server)];
  officer = await newOperator(server);
  const asked = {
    email_address: 'writes@example.org',
    feedback_content: 'A question to be forgotten',
    acknowledged: true,
  };
  correspondent = (await new Client(server.url).api('POST', '/api/services/question', asked)).json.reference;
  await gone.client.api('PATCH', '/api/me', { company_name: 'Corrected & Gone', current_password: PASSWORD });
  await gone.client.api('POST', '/api/me/choices', {
    choice: 'consent:mic-26/partner_marketing/sponsors',
    answer: true,
  });
  await read(gone.email, 'a look to be forgotten');
  traces = tracesOf(gone);
  file = join(server.data, '..', `${process.pid}.troth-backup`);
});
afterAll(() => server.end());

/** An operator's look at a member's address. */
async function read(email: string, reason: string) {
  const words = { purpose: 'administrative_service_maintenance', reason, data: 'email_address' };
  return (await officer.api('POST', '/api/desk/read', { identifier: email, ...words })).json;
}

function tracesOf(member: Member): Traces {
  const keyring = new DatabaseSync(join(server.data, 'keyring', 'keyring.sqlite'), { readOnly: true });
  const bytes = (statement: string) =>
    keyring.prepare(statement).all(member.id) as { name: string; found: Uint8Array | string }[];
  const rows = [
    ...bytes(`select 'wrapped key' as name, wrapped as found from keys where person = ?`),
    ...bytes(`select 'index ' || kind as name, value as found from indexes where person = ?`),
    ...bytes(`select 'password hash' as name, hash as found from credentials where person = ?`),
  ];
  keyring.close();
  const secret = new Map(rows.map(({ name, found }) => [name, Buffer.from(found)]));
  // A part of the key is enough to tell that it is there, whatever stands around it.
  const wrapped = secret.get('wrapped key')!;
  secret.set('part of the wrapped key', wrapped.subarray(wrapped.length - 24));
  const said = Object.values(member.values).filter((value) => typeof value === 'string' && value.length > 12);
  return { clear: [...said, 'Corrected & Gone', 'a look to be forgotten'], secret };
}

/** Where any of the traces is found below the data directory, as "what in which file". */
function found(): string[] {
  const needles = new Map<string, string | Buffer>([
    ...traces.clear.map((value) => [value, value] as const),
    ...traces.secret,
  ]);
  return tracesIn(server.data, needles).map(({ name, file }) => `${name} in ${basename(file)}`);
}

it('the traces that are looked for can be found: key, indexes and password are in the keyring', () => {
  expect([...traces.secret.keys()]).toEqual(['wrapped key', 'index email', 'password hash', 'part of the wrapped key']);
  expect(found().toSorted()).toEqual([...traces.secret.keys()].map((name) => `${name} in keyring.sqlite`).toSorted());
});

it('a backup of the records holds neither', () => {
  const { status, stderr } = server.troth('backup', file);
  expect([status, stderr]).toEqual([0, '']);
  const bytes = readFileSync(file);
  expect(bytes.length).toBeGreaterThan(1000);
  for (const [name, needle] of traces.secret) expect(bytes.includes(needle), name).toBe(false);
  for (const value of traces.clear) expect(bytes.includes(value), value).toBe(false);
});

it('erased from the command line, somebody is out at once, and the rest goes on', async () => {
  expect((await gone.client.get('/api/me')).status).toBe(200);
  const refused = server.troth('people', 'erase', '--email', gone.email);
  expect(refused.status).toBe(2);
  const { status, stderr } = server.troth('people', 'erase', '--email', gone.email, '--yes');
  expect([status, stderr]).toEqual([0, '']);
  expect((await gone.client.get('/api/me')).status).toBe(401);
  expect((await gone.client.get('/me')).status).toBe(303);
  const sign = await new Client(server.url).api('POST', '/api/session', { id: gone.email, password: PASSWORD });
  expect(sign.json.code).toBe('sign-in-wrong');
  expect(await read(gone.email, 'another look')).toMatchObject({ found: false, held: [] });
  const before = (await mailsTo(server, gone.email)).length;
  await gone.client.form('/forgot', { id: gone.email });
  expect(server.troth('people', 'erase', '--reference', correspondent, '--yes').status).toBe(0);
  expect((await gone.client.api('POST', '/api/follow', { reference: correspondent })).status).toBe(404);
  expect((await stays.client.get('/api/me')).json.held.length).toBe(12 - 1);
  expect(server.troth('ledger', 'verify').stdout).toContain('it holds');
  expect((await mailsTo(server, gone.email)).length).toBe(before);
});

it('no byte of key or value is left: not in records, keyring, logs, write-ahead log, ledger', async () => {
  await server.stop();
  output += server.output();
  expect(found()).toEqual([]);
});

it('the backup brings the others back, and nobody who was erased', async () => {
  const restored = server.troth('restore', file);
  expect([restored.status, restored.stderr]).toEqual([0, expect.not.stringContaining('error')]);
  const { data } = server;
  server = await startServer({ data });
  expect(found()).toEqual([]);

  const id = (email: string) => new Client(server.url).api('POST', '/api/session', { id: email, password: PASSWORD });
  expect((await id(gone.email)).json.code).toBe('sign-in-wrong');
  expect((await id(stays.email)).status).toBe(200);
  expect((await new Client(server.url).api('POST', '/api/follow', { reference: correspondent })).status).toBe(404);
  await byHand(data, async (client) => {
    for (const table of ['records', 'consents', 'ledger_openings', 'cases', 'mails', 'sessions']) {
      const { rows } = await client.query(`select 1 from ${table} where person_id = $1`, [gone.id]);
      expect(rows, table).toEqual([]);
    }
    const { rows } = await client.query('select erased_at from people where person_id = $1', [gone.id]);
    expect(rows[0].erased_at).not.toBeNull();
  });
  expect(server.troth('ledger', 'verify').stdout).toContain('it holds');
  output += server.output();
  for (const value of traces.clear) expect(output).not.toContain(value);
});

it('the address is free again, for whoever has it now', async () => {
  const again = await newMember(server, { email_address: gone.email });
  expect(again.id).not.toBe(gone.id);
  const { json } = await again.client.get('/api/me');
  expect(json.readings.filter(({ actor }: { actor: string }) => actor === 'staff')).toEqual([]);
});
