import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from '../../harness/client.ts';
import { linkToken, mailsTo, newMember, newOperator, PASSWORD } from '../../harness/people.ts';
import { eventually, startServer, type Server } from '../../harness/server.ts';
import { wordsOf } from '../support/pages.ts';
import { ledgerEntry, ledgerOf } from '../support/store.ts';
import { tracesOf } from '../support/traces.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.end());

interface HeldOut {
  field: string;
  value: string;
}

const heldBy = async (client: Client): Promise<Record<string, string>> =>
  Object.fromEntries(((await client.get('/api/me')).json.held as HeldOut[]).map(({ field, value }) => [field, value]));

it('mic-13: an edit with ID and password takes effect at once; the old value is in no current view and in no file', async () => {
  const member = await newMember(server);
  const old = member.values['company_phone']!;
  const edit = {
    company_phone: '+49 30 5550 7788',
    company_description: '我们生产工具\nsecond line & <b>more</b>',
    current_password: PASSWORD,
  };
  const from = (await ledgerOf(server.url)).length;
  const answer = await member.client.api('PATCH', '/api/me', edit);
  expect(answer.status).toBe(200);
  expect(answer.json.changed.toSorted()).toEqual(['company_description', 'company_phone']);

  const held = await heldBy(member.client);
  expect(held).toMatchObject({ company_phone: edit.company_phone, company_description: edit.company_description });
  for (const path of ['/me', '/me/edit', '/api/me']) expect((await member.client.get(path)).text).not.toContain(old);
  const officer = await newOperator(server);
  const read = await officer.api('POST', '/api/desk/read', {
    identifier: member.email,
    data: 'name',
    purpose: 'legal_compliance',
    reference: 'order 1',
  });
  expect(read.status).toBe(200);
  const entry = await ledgerEntry(server.url, from, ({ kind }) => kind === 'change');
  expect(entry).toMatchObject({ actor: 'person', clauses: ['mic-13'], data: ['company_phone', 'company_description'] });
  expect(entry.rows.filter(({ table, op }) => table === 'records' && op === 'replace')).toHaveLength(2);
  expect(tracesOf(server, [old, edit.company_phone])).toEqual([]);
});

it('mic-13: every field of the profile can be edited, and what was not edited stays', async () => {
  const member = await newMember(server);
  const before = await heldBy(member.client);
  for (const field of Object.keys(before).filter((name) => name !== 'email_address')) {
    const value =
      field === 'company_employee_count'
        ? '77'
        : field === 'company_phone' || field === 'company_fax'
          ? '+1 202 555 0100'
          : field === 'company_web_address'
            ? 'https://new.example.com'
            : `new ${field}`;
    expect(
      (await member.client.api('PATCH', '/api/me', { [field]: value, current_password: PASSWORD })).status,
      field,
    ).toBe(200);
    before[field] = value;
    expect(await heldBy(member.client)).toEqual(before);
  }
});

it('mic-13: with a wrong password, without a session, or for an undeclared field the edit is refused and nothing changes', async () => {
  const member = await newMember(server);
  const before = await heldBy(member.client);
  const wrong = await member.client.api('PATCH', '/api/me', { name: 'Eve', current_password: 'not the password 1' });
  expect(wrong.status).toBe(403);
  expect((await member.client.form('/me/edit', { name: 'Eve', current_password: '' })).status).toBe(403);
  expect(
    (await new Client(server.url).api('PATCH', '/api/me', { name: 'Eve', current_password: PASSWORD })).status,
  ).toBe(401);
  const undeclared = await member.client.api('PATCH', '/api/me', {
    shoe_size: '44',
    name: 'Eve',
    current_password: PASSWORD,
  });
  expect(undeclared.status).toBe(403);
  expect(undeclared.json.findings).toContainEqual(expect.objectContaining({ data: 'shoe_size' }));
  expect(await heldBy(member.client)).toEqual(before);
});

it('mic-35: account and profile are edited at any hour, both hold on reread, and the next mail goes to the new address', async () => {
  const member = await newMember(server);
  const email = `new.${member.email}`;
  const edit = { email_address: email, company_phone: '+44 20 7946 0018', current_password: PASSWORD };
  expect((await member.client.api('PATCH', '/api/me', edit)).json.changed.toSorted()).toEqual([
    'company_phone',
    'email_address',
  ]);
  expect(await heldBy(member.client)).toMatchObject({ email_address: email, company_phone: edit.company_phone });

  const mailsBefore = (await mailsTo(server, member.email)).length;
  const token = await linkToken(server, email, '/prove');
  expect((await mailsTo(server, member.email)).length).toBe(mailsBefore);

  // Until the new address is proved the old ID opens the account; then the new one does, and the old one no more.
  const signIn = (id: string): ReturnType<Client['api']> =>
    new Client(server.url).api('POST', '/api/session', { id, password: PASSWORD });
  expect((await signIn(member.email)).status).toBe(200);
  expect((await signIn(email)).status).toBe(403);
  expect((await new Client(server.url).form('/prove', { token, password: PASSWORD })).status).toBe(200);
  expect((await signIn(email)).status).toBe(200);
  expect((await signIn(member.email)).status).toBe(403);

  // And a letter asked for now goes there too.
  await new Client(server.url).form('/forgot', { id: email });
  await eventually(async () =>
    (await mailsTo(server, email)).find(({ text }) => text.includes('/set-password?token=')),
  );
});

it('mic-35: the password is changed with the old one; every session ends, and only the new one opens', async () => {
  const member = await newMember(server);
  const fresh = 'another long password 2';
  expect(
    (await member.client.form('/me/password', { current_password: 'wrong wrong wrong', password: fresh })).status,
  ).toBe(403);
  expect((await member.client.form('/me/password', { current_password: PASSWORD, password: fresh })).status).toBe(303);
  expect((await member.client.get('/api/me')).status).toBe(401);
  const signIn = (password: string): ReturnType<Client['api']> =>
    new Client(server.url).api('POST', '/api/session', { id: member.email, password });
  expect((await signIn(PASSWORD)).status).toBe(403);
  expect((await signIn(fresh)).status).toBe(200);
});

it('mic-39: the notice shows the address, and a question reaches that mailbox’s queue with a reference', async () => {
  const visitor = new Client(server.url);
  expect(wordsOf((await visitor.get('/policy')).text)).toContain('privacy@Made-in-China.com');
  const words = 'What happens to my fax number? 我的传真号码呢？';
  const sent = await visitor.api('POST', '/api/services/question', {
    email_address: 'asker@example.org',
    feedback_content: words,
    acknowledged: true,
  });
  expect(sent.status).toBe(201);
  expect(sent.json).toMatchObject({ mailbox: 'privacy@Made-in-China.com', deadline: 'none promised' });
  expect(sent.json.reference).toMatch(/^TR(-[0-9A-Z]{4}){4}$/);

  const officer = await newOperator(server);
  const waiting = (await officer.get('/api/desk/queue')).json as { case: string; mailbox: string; service: string }[];
  expect(waiting).toEqual([
    expect.objectContaining({
      mailbox: 'privacy@Made-in-China.com',
      service: 'question',
      reference: sent.json.reference.slice(0, 7),
      channel: 'web',
    }),
  ]);
  const read = { case: waiting[0]!.case, data: 'feedback_content, email_address', purpose: 'complaint_handling' };
  const held = (await officer.api('POST', '/api/desk/read', read)).json.held as HeldOut[];
  expect(Object.fromEntries(held.map(({ field, value }) => [field, value]))).toEqual({
    feedback_content: words,
    email_address: 'asker@example.org',
  });

  const followed = await visitor.form('/follow', { reference: sent.json.reference.toLowerCase() });
  expect(wordsOf(followed.text)).toContain('No deadline is promised');
  expect((await visitor.form('/follow', { reference: 'TR-0000-0000-0000-0000' })).status).toBe(404);
  expect(tracesOf(server, [words, 'asker@example.org', sent.json.reference])).toEqual([]);
});
