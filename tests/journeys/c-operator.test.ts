import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../harness/browser.ts';
import { filesWith } from '../harness/bytes.ts';
import { Client, type Answer } from '../harness/client.ts';
import { publicEntries } from '../harness/ledger.ts';
import { newMember, newOperator, PASSWORD, registration, type Member } from '../harness/people.ts';
import { eventually, startServer, type Server } from '../harness/server.ts';
import { visit, type Visitor } from '../harness/visitor.ts';

let browser: Browser;
let server: Server;
let member: Member;
let officer: Client;
beforeAll(async () => {
  [browser, server] = await Promise.all([openBrowser(), startServer()]);
  member = await newMember(server);
  officer = await newOperator(server);
});
afterAll(async () => {
  await browser.close();
  await server.end();
});

/** Asks for a member's e-mail address at the desk. */
function ask(words: Record<string, string>, client = officer): Promise<Answer> {
  return client.api('POST', '/api/desk/read', { identifier: member.email, data: 'email_address', ...words });
}

/** What the member is told of refused looks, newest first. */
async function refusals(): Promise<
  { code: string; actor: string; purpose: string; data: string[]; clauses: string[] }[]
> {
  const { json } = await member.client.get('/api/me');
  return json.readings.filter(({ kind }: { kind: string }) => kind === 'refuse');
}

describe('an operator reads an address', () => {
  it('masked for maintenance, with the reason, on mic-29', async () => {
    const { status, json } = await ask({ purpose: 'administrative_service_maintenance', reason: 'mail to it bounces' });
    expect(status).toBe(200);
    expect(json.clauses).toEqual(['mic-29']);
    expect(json.held).toHaveLength(1);
    expect(json.held[0]).toMatchObject({
      field: 'email_address',
      masked: true,
      service: 'registration',
      clause: 'mic-11',
    });
    expect(json.held[0].value).not.toBe(member.email);
    expect(json.held[0].value).toMatch(/^z\*+.*@/);
  });

  it('clear for a law that demands it, with the reference, on mic-28', async () => {
    const { status, json } = await ask({ purpose: 'legal_compliance', reference: 'order 7/2026' });
    expect(status).toBe(200);
    expect(json.clauses).toEqual(['mic-28']);
    expect(json.held).toMatchObject([{ field: 'email_address', masked: false, value: member.email }]);
  });

  it('of nobody, if there is nobody: the policy answers first', async () => {
    const nobody = { identifier: 'nobody@example.org', purpose: 'legal_compliance', reference: 'order 8' };
    expect((await ask(nobody)).json).toMatchObject({ found: false, held: [] });
    const refused = await ask({ identifier: 'nobody@example.org', purpose: 'legal_compliance' });
    expect([refused.status, refused.json.code]).toEqual([403, (await ask({ purpose: 'legal_compliance' })).json.code]);
  });
});

describe('an operator is refused', () => {
  it.each([
    ['without a reason', { purpose: 'administrative_service_maintenance' }, 'needs_reason', ['mic-29']],
    ['without a reference', { purpose: 'legal_compliance', reason: 'I think so' }, 'needs_reference', ['mic-28']],
    [
      'for marketing, which is no purpose of staff',
      { purpose: 'marketing', reason: 'r', reference: 'x' },
      undefined,
      ['mic-09'],
    ],
    ['for no purpose', { reason: 'r', reference: 'x' }, undefined, []],
    [
      'a field that stands under no clause of staff',
      { data: 'company_phone', purpose: 'legal_compliance', reference: 'x' },
      undefined,
      [],
    ],
    ['the password', { data: 'password', purpose: 'legal_compliance', reference: 'x' }, 'forbidden', ['mic-36']],
    [
      'both, if one of two fields is not theirs',
      { data: 'email_address,company_phone', purpose: 'legal_compliance', reference: 'x' },
      undefined,
      [],
    ],
  ])(
    '%s, on the clause, and the member can see it',
    async (_what, words: Record<string, string>, code, clauses: string[]) => {
      const before = await refusals();
      const { status, json, text, headers } = await ask(words);
      expect(status).toBe(403);
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(text).not.toContain(member.email);
      if (code !== undefined) expect(json.code).toBe(code);
      expect(json.clauses).toEqual(expect.arrayContaining(clauses));
      expect(json.clauses.length).toBeGreaterThan(0);
      expect(json.detail).toMatch(/clause/);
      const [latest, ...older] = await refusals();
      expect(older).toHaveLength(before.length);
      expect(latest).toMatchObject({ actor: 'staff', code: json.code, clauses: json.clauses });
    },
  );

  it('for a purpose that nobody declared, which is written nowhere', async () => {
    const madeUp = `curiosity_${process.pid}_giraffe`;
    const { status, json } = await ask({ purpose: madeUp, reason: 'r' });
    expect([status, json.code]).toEqual([403, 'undeclared_purpose']);
    expect((await refusals())[0]).toMatchObject({ code: 'undeclared_purpose', purpose: '' });
    expect(filesWith(server.data, madeUp)).toEqual([]);
    expect(server.output()).not.toContain(madeUp);
  });

  it('and each refusal is an entry of the public ledger, without a name', async () => {
    const refused = async () =>
      (await publicEntries(server.url)).filter(({ kind, purpose }) => kind === 'refuse' && purpose === 'marketing');
    const before = (await refused()).length;
    await ask({ purpose: 'marketing' });
    const entry = await eventually(async () => (await refused())[before]);
    expect(entry).toMatchObject({ outcome: 'refusal', actor: 'staff', data: ['email_address'], recipient: '' });
    expect(entry.clauses).toContain('mic-09');
    // What is public names nobody: neither the address nor the random id.
    for (const needle of [member.email, member.id]) expect(filesWith(join(server.data, 'ledger'), needle)).toEqual([]);
    expect(server.troth('ledger', 'verify').status).toBe(0);
  });
});

it('nobody but staff comes to the desk, and staff are no members', async () => {
  const words = { purpose: 'legal_compliance', reference: 'order 7/2026' };
  for (const client of [member.client, new Client(server.url)]) {
    expect((await ask(words, client)).status).toBe(401);
    expect((await client.get('/api/desk/queue')).status).toBe(401);
    const page = await client.get('/desk');
    expect([page.status, page.headers.get('location')]).toEqual([303, '/staff/sign-in']);
    expect((await client.form('/desk/read', { identifier: member.email, ...words })).status).toBe(303);
  }
  expect((await officer.get('/api/me')).status).toBe(401);
  // A member's ID opens no desk, whatever the password.
  const asStaff = await new Client(server.url).api('POST', '/api/staff/session', {
    id: member.email,
    password: PASSWORD,
  });
  expect([asStaff.status, asStaff.json.code]).toEqual([403, 'sign-in-wrong']);
});

it('an operator sets a password by the link of the command line, and works in a browser', async () => {
  const email = `link.officer${process.pid}@example.org`;
  const added = server.troth('people', 'add-operator', '--email', email);
  expect([added.status, added.stderr]).toEqual([0, expect.stringContaining('works once')]);
  const link = new URL(added.stdout.trim());
  expect(link.origin).toBe(server.url);
  const again = server.troth('people', 'add-operator', '--email', email);
  expect(again.status).toBe(1);
  expect(again.stderr).toMatch(/^error: /m);

  const visitor = await visit(browser, server.url);
  const { page } = visitor;
  await visitor.open(link.pathname + link.search);
  await page.locator('#password').fill(PASSWORD);
  expect(await visitor.press('Set it')).toBe(303);
  expect(new URL(page.url()).pathname).toBe('/staff/sign-in');
  // The link is used up.
  await visitor.open(link.pathname + link.search);
  await page.locator('#password').fill('another password 12');
  expect(await visitor.press('Set it')).toBe(422);
  await visitor.open('/staff/sign-in');
  await page.locator('#id').fill(email);
  await page.locator('#password').fill(PASSWORD);
  expect(await visitor.press('Sign in')).toBe(303);
  expect(new URL(page.url()).pathname).toBe('/desk');

  const question = `Is my fax number public? ${process.pid}`;
  const sent = { email_address: 'asks@example.org', feedback_content: question, acknowledged: true };
  expect((await new Client(server.url).api('POST', '/api/services/question', sent)).status).toBe(201);
  await visitor.open('/desk');
  expect(await visitor.flaws()).toEqual([]);
  expect(await page.locator('main').innerText()).not.toContain(question);
  await readAt(visitor, 'Your question', 'complaint_handling');
  expect(await page.locator('[data-field=feedback_content]').innerText()).toBe(question);
  expect(await page.locator('main .why a').allInnerTexts()).toEqual(['mic-39']);

  await visitor.open('/desk');
  await page.locator('#identifier').fill(member.email);
  await readAt(visitor, 'E-mail address', 'administrative_service_maintenance', 'bounces');
  expect(await page.locator('main').innerText()).toContain('masked');
  expect(await page.locator('main').innerText()).not.toContain(member.email);
  expect(await visitor.flaws()).toEqual([]);
  await visitor.open('/desk');
  await page.locator('#identifier').fill(member.email);
  await readAt(visitor, 'E-mail address', 'marketing', 'to sell', 403);
  expect(await page.locator('[role=alert] a').allInnerTexts()).toContain('mic-09');
  expect(await visitor.flaws()).toEqual([]);
  expect(visitor.foreign).toEqual([]);
  expect(visitor.complaints).toEqual([]);
  await visitor.end();
});

/** Fills the form of the desk that offers a field, and presses its button. */
async function readAt({ page }: Visitor, field: string, purpose: string, reason = '', expected = 200): Promise<void> {
  const offered = page.getByLabel(field, { exact: true });
  const form = page.locator('form[action="/desk/read"]', { has: offered }).last();
  await form.getByLabel(field, { exact: true }).check();
  await form.locator('select').selectOption(purpose);
  await form.locator('[name=reason]').fill(reason);
  const answered = page.waitForResponse((response) => response.request().isNavigationRequest());
  await form.getByRole('button', { name: 'Read' }).click();
  expect((await answered).status()).toBe(expected);
  await page.waitForLoadState();
}

it('an operator who signs out is out, and one whose registration waits for proof can be found', async () => {
  const newcomer = registration();
  await new Client(server.url).api('POST', '/api/services/registration', newcomer);
  const words = { purpose: 'legal_compliance', reference: 'order 9' };
  const found = await ask({ identifier: String(newcomer['email_address']), ...words });
  expect(found.json.held).toMatchObject([{ value: newcomer['email_address'] }]);
  const own = await newOperator(server);
  const cookies = new Map(own.cookies);
  await own.form('/sign-out', {});
  expect(own.cookies.size).toBe(0);
  for (const [name, value] of cookies) own.cookies.set(name, value);
  expect((await ask(words, own)).status).toBe(401);
});
