import { execFileSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Finding } from '../../packages/server/src/ledger/index.ts';
import { Client } from '../harness/client.ts';
import { newMember, type Member } from '../harness/people.ts';
import { byHand } from '../harness/records.ts';
import { startServer, type Server } from '../harness/server.ts';

let server: Server;
let member: Member;
let other: Member;
let third: Member;
beforeAll(async () => {
  server = await startServer();
  member = await newMember(server);
  await member.client.api('POST', '/api/me/choices', {
    choice: 'consent:mic-26/partner_marketing/sponsors',
    answer: true,
  });
  other = await newMember(server);
  third = await newMember(server);
});
afterAll(() => server.end());

interface Report {
  ok: boolean;
  size: number;
  findings: Finding[];
}

/** What `./troth ledger verify` says. */
function verify(): Report & { status: number | null } {
  const { status, stdout } = server.troth('ledger', 'verify', '--json');
  return { status, ...(JSON.parse(stdout) as Report) };
}

/** Statements by hand in one transaction, with every trigger passed by, as whoever owns the database may; each must meet one row. */
function tamper(statements: string[]): Promise<void> {
  return byHand(server.data, async (client) => {
    await client.query('set session_replication_role = replica');
    await client.query('begin');
    for (const statement of statements) {
      const { rowCount } = await client.query(statement);
      expect(rowCount, statement).toBeGreaterThan(0);
    }
    await client.query('commit');
  });
}

/** The ids of a member's rows, by field or by kind of answer. */
async function idsOf({ id }: Member): Promise<Record<string, string>> {
  const statement = `select field as name, record_id as id from records where person_id = $1
    union all select kind, consent_id from consents where person_id = $1`;
  const { rows } = await byHand(server.data, (client) => client.query<{ name: string; id: string }>(statement, [id]));
  return Object.fromEntries(rows.map((row) => [row.name, row.id]));
}

it('holds for a house that nobody touched', () => {
  const { status, ok, findings, size } = verify();
  expect([status, ok, findings]).toEqual([0, true, []]);
  expect(size).toBeGreaterThan(8);
  expect(server.troth('ledger', 'verify').stdout).toMatch(/^it holds$/m);
});

it('finds each row that was edited, removed or put in by hand, and names it', async () => {
  const id = await idsOf(member);
  const [mail, name, fax] = [id['email_address']!, id['company_name']!, id['company_fax']!];
  const [consent, read] = [id['consent']!, id['acknowledgement']!];
  const others = await idsOf(other);
  const record = (row: string, set: string) => `update records set ${set} where record_id = '${row}'`;
  const answer = (row: string, set: string) => `update consents set ${set} where consent_id = '${row}'`;
  const flip = record(name, 'envelope = set_byte(envelope, 30, get_byte(envelope, 30) # 1)');
  await tamper([
    `create table kept as select * from records where record_id = '${fax}'`,
    `create table said as select * from consents where consent_id = '${read}'`,
    record(mail, `purposes = purposes || '{partner_marketing}'`),
    flip,
    record(others['name']!, `clause = 'mic-12'`),
    answer(consent, `answer = 'refused'`),
    answer(others['acknowledgement']!, `words = words || ' And anyone else.'`),
    `delete from records where record_id = '${fax}'`,
    `delete from consents where consent_id = '${read}'`,
    `insert into records select person_id, gen_random_uuid(), service, 'name_of_a_friend', case_id, version, clause, purposes, policy,
       collected_at, envelope, entry_id from records where person_id = '${third.id}' and field = 'company_type'`,
  ]);
  const { ok, status, findings } = verify();
  expect([ok, status]).toEqual([false, 1]);
  const edited = (table: string, rowId: string, personId: string) => ({ code: 'row-edited', table, rowId, personId });
  for (const expected of [
    { ...edited('records', mail, member.id), field: 'email_address' },
    { ...edited('records', name, member.id), field: 'company_name' },
    { ...edited('records', others['name']!, other.id), field: 'name' },
    edited('consents', consent, member.id),
    edited('consents', others['acknowledgement']!, other.id),
    { code: 'row-unbound', table: 'records', field: 'name_of_a_friend', personId: third.id },
    { code: 'row-missing', table: 'records' },
    { code: 'row-missing', table: 'consents' },
  ]) {
    expect(findings).toContainEqual(expect.objectContaining(expected));
  }
  expect(findings).toHaveLength(8);
  const told = server.troth('ledger', 'verify').stdout;
  expect(told).toContain(`row ${mail}`);
  expect(told).toContain('it does not hold: 8 findings');

  await tamper([
    record(mail, `purposes = array_remove(purposes, 'partner_marketing')`),
    flip,
    record(others['name']!, `clause = 'mic-11'`),
    answer(consent, `answer = 'given'`),
    answer(others['acknowledgement']!, `words = replace(words, ' And anyone else.', '')`),
    'insert into records select * from kept',
    'insert into consents select * from said',
    `delete from records where field = 'name_of_a_friend'`,
  ]);
  await byHand(server.data, (client) => client.query('drop table kept, said'));
  expect(verify().findings).toEqual([]);
});

it('finds an entry that was edited, removed, or moved', async () => {
  const flip = 'update ledger_entries set body = set_byte(body, 20, get_byte(body, 20) # 1) where idx = 3';
  const swap = `with pair as (select id, body from ledger_entries where idx in (5, 6))
    update ledger_entries set body = other.body from pair as self join pair as other on self.id <> other.id
    where ledger_entries.id = self.id`;
  await tamper([
    'create table kept as select * from ledger_entries where idx = 8',
    flip,
    swap,
    'delete from ledger_entries where idx = 8',
  ]);
  const { ok, findings } = verify();
  expect(ok).toBe(false);
  const at = (entry: number) => findings.filter((finding) => finding.entry === entry).map(({ code }) => code);
  expect(at(3)).toContain('entry-edited');
  expect(at(5)).toContain('entry-moved');
  expect(at(6)).toContain('entry-moved');
  expect(at(8)).toContain('entry-missing');
  await tamper([
    flip,
    swap,
    'insert into ledger_entries (id, idx, body) overriding system value select id, idx, body from kept',
  ]);
  await byHand(server.data, (client) => client.query('drop table kept'));
  expect(verify().findings).toEqual([]);
});

it('finds a database that was rolled back, though it is whole in itself', async () => {
  await server.stop();
  const [records, older, newer] = ['records', 'older', 'newer'].map((name) => join(server.data, name)) as [
    string,
    string,
    string,
  ];
  // With owners and modes as they are: the database runs as its own user.
  execFileSync('cp', ['-a', records, older]);
  server = await startServer({ data: server.data });
  const late = await newMember(server);
  await server.stop();
  const { size } = verify();

  renameSync(records, newer);
  renameSync(older, records);
  const { ok, status, findings, size: smaller } = verify();
  expect([ok, status]).toEqual([false, 1]);
  expect(smaller).toBeLessThan(size);
  expect(findings).toContainEqual(expect.objectContaining({ code: 'rolled-back' }));
  rmSync(records, { recursive: true });
  renameSync(newer, records);
  expect(verify()).toMatchObject({ ok: true, size });
  server = await startServer({ data: server.data });
  const again = await new Client(server.url).api('POST', '/api/session', {
    id: late.email,
    password: late.values['password'],
  });
  expect(again.status).toBe(200);
});
