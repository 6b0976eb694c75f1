import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Client } from '../../harness/client.ts';
import { newMember, newOperator, type Member } from '../../harness/people.ts';
import { startServer, type Server } from '../../harness/server.ts';
import { wordsOf } from '../support/pages.ts';
import { ledgerEntry, ledgerOf } from '../support/store.ts';
import { tracesOf } from '../support/traces.ts';

interface Look {
  actor: string;
  kind: string;
  action: string;
  purpose: string;
  data: string[];
  clauses: string[];
  code: string;
  reference?: string;
}

let server: Server;
let operator: Client;
let asked: Member;
let other: Member;
beforeAll(async () => {
  server = await startServer();
  operator = await newOperator(server);
  asked = await newMember(server, { name: '欧阳 Märta O’Neill' });
  other = await newMember(server, { name: '司马 Jörg' });
});
afterAll(() => server.end());

/** What staff did with a member's data, as the member sees it. */
async function looksOf(member: Member): Promise<Look[]> {
  const { readings } = (await member.client.get('/api/me')).json as { readings: Look[] };
  return readings.filter(({ actor }) => actor === 'staff');
}

const read = (more: Record<string, string>) =>
  operator.api('POST', '/api/desk/read', {
    identifier: asked.email,
    data: 'name, email_address',
    purpose: 'legal_compliance',
    ...more,
  });

it('mic-28: staff who name no law and no order get nothing of an account, and the member sees the try', async () => {
  const before = (await looksOf(asked)).length;
  const tries: Record<string, string>[] = [
    {},
    { reference: '' },
    { reference: ' \t ' },
    { reason: 'The police called and it is urgent' },
  ];
  for (const more of tries) {
    const refused = await read(more);
    expect(refused.status).toBe(403);
    expect(refused.json).toMatchObject({ code: 'needs_reference', clauses: ['mic-28'] });
    expect(refused.json.findings).toContainEqual(
      expect.objectContaining({ code: 'needs_reference', clause: 'mic-28' }),
    );
    for (const value of [asked.email, asked.values['name']!]) expect(refused.text).not.toContain(value);
  }
  const page = await operator.form('/desk/read', {
    identifier: asked.email,
    'data:name': 'yes',
    purpose: 'legal_compliance',
    reference: '',
  });
  expect(page.status).toBe(403);
  expect(wordsOf(page.text)).toMatch(/reference to the law, order or document is missing.*mic-28/);
  const looks = (await looksOf(asked)).slice(0, -before || undefined);
  expect(looks.length).toBe(tries.length + 1);
  for (const look of looks)
    expect(look).toMatchObject({
      kind: 'refuse',
      code: 'needs_reference',
      purpose: 'legal_compliance',
      clauses: ['mic-28'],
    });
});

it('mic-28: with the order named they read that account and no other, no more than the account, and it is logged with the order', async () => {
  const from = (await ledgerOf(server.url)).length;
  const reference = '青岛市市南区人民法院 (2026) 鲁 0202 协查 17 号';
  const given = await read({ reference });
  expect(given.status).toBe(200);
  const held = given.json.held as { field: string; value: string; masked: boolean }[];
  expect(Object.fromEntries(held.map(({ field, value, masked }) => [field, [value, masked]]))).toEqual({
    name: [asked.values['name'], false],
    email_address: [asked.email, false],
  });
  for (const value of [other.email, other.values['name']!, asked.values['company_phone']!])
    expect(given.text).not.toContain(value);

  // Limited: the order opens no other kind of data, no other purpose, no second look without it, and nobody by a wild card.
  const beyond: Record<string, string>[] = [
    { data: 'company_phone' },
    { data: 'name, company_turnover' },
    { data: 'password' },
    { purpose: 'marketing' },
    { purpose: 'site_operation' },
  ];
  for (const more of beyond) expect((await read({ reference, ...more })).status, JSON.stringify(more)).toBe(403);
  expect((await read({})).status).toBe(403);
  for (const identifier of ['*', '%', '', '@example.org', `${asked.email},${other.email}`])
    expect((await read({ reference, identifier })).json).toMatchObject({ found: false, held: [] });

  // Logged: in the public ledger by commitment alone, with the order's words for the member to see; the other's log is silent.
  const entry = await ledgerEntry(server.url, from, ({ kind, actor }) => kind === 'use' && actor === 'staff');
  expect(entry).toMatchObject({
    outcome: 'permit',
    purpose: 'legal_compliance',
    clauses: ['mic-28'],
    data: ['name', 'email_address'],
  });
  expect(entry.commitments.map(({ name }) => name)).toEqual(['officer', 'reference']);
  const uses = (await looksOf(asked)).filter(({ kind }) => kind === 'use');
  expect(uses).toEqual([
    expect.objectContaining({
      reference,
      purpose: 'legal_compliance',
      clauses: ['mic-28'],
      data: ['name', 'email_address'],
    }),
  ]);
  expect(await looksOf(other)).toEqual([]);
  expect(tracesOf(server, [reference, asked.email, asked.values['name']!])).toEqual([]);
}, 60_000);
