import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { subjectCommitment } from '../../packages/server/src/ledger/index.ts';
import { openBrowser } from '../harness/browser.ts';
import { publicEntries } from '../harness/ledger.ts';
import { newMember, newOperator, PASSWORD, type Member } from '../harness/people.ts';
import { startServer, type Server } from '../harness/server.ts';
import { visit } from '../harness/visitor.ts';

const REASON = 'the fax of 12 May came back';

let browser: Browser;
let server: Server;
let member: Member;
let other: Member;
const began = new Date();
beforeAll(async () => {
  [browser, server] = await Promise.all([openBrowser(), startServer()]);
  member = await newMember(server);
  other = await newMember(server);
  const officer = await newOperator(server);
  const asked = { identifier: member.email, data: 'email_address', reason: REASON };
  await officer.api('POST', '/api/desk/read', { ...asked, purpose: 'administrative_service_maintenance' });
  await officer.api('POST', '/api/desk/read', { ...asked, purpose: 'marketing' });
});
afterAll(async () => {
  await browser.close();
  await server.end();
});

/** What a registration holds that is shown again: all but the password and the box that was ticked. */
function shown({ values }: Member): Record<string, string> {
  const { password: _password, acknowledged: _acknowledged, ...rest } = values;
  return rest;
}

it('a member sees what is held, why, since when and on which clause', async () => {
  const { json } = await member.client.get('/api/me');
  const held = json.held as {
    field: string;
    value: string;
    masked: boolean;
    clause: string;
    purposes: string[];
    since: string;
  }[];
  expect(Object.fromEntries(held.map(({ field, value }) => [field, value]))).toEqual(shown(member));
  for (const each of held) {
    expect(each.masked).toBe(false);
    expect(each.clause).toBe(['name', 'email_address'].includes(each.field) ? 'mic-11' : 'mic-12');
    expect(each.purposes).toContain('site_operation');
    expect(new Date(each.since).getTime()).toBeGreaterThanOrEqual(began.getTime());
    expect(new Date(each.since).getTime()).toBeLessThanOrEqual(Date.now());
  }
  expect(json.answers).toMatchObject([
    { kind: 'acknowledgement', clause: 'mic-33', policy_version: '1', language: 'en', answer: 'given', by: 'person' },
  ]);
});

it('and who read it: the site itself, staff with their reason, the refusal, and the member', async () => {
  const { json } = await member.client.get('/api/me');
  const readings = json.readings as {
    kind: string;
    actor: string;
    action: string;
    purpose: string;
    reason?: string;
    clauses: string[];
    code: string;
    data: string[];
  }[];
  const staff = readings.filter(({ actor }) => actor === 'staff');
  expect(staff).toMatchObject([
    {
      kind: 'refuse',
      purpose: 'marketing',
      data: ['email_address'],
      clauses: expect.arrayContaining(['mic-09']) as unknown,
    },
    {
      kind: 'use',
      purpose: 'administrative_service_maintenance',
      reason: REASON,
      data: ['email_address'],
      clauses: ['mic-29'],
    },
  ]);
  expect(staff[0]?.code).not.toBe('');
  expect(readings.filter(({ actor }) => actor === 'function:email_verification').map(({ kind }) => kind)).toContain(
    'use',
  );
  expect(readings.some(({ kind, actor }) => kind === 'collect' && actor === 'person')).toBe(true);
  expect(readings.some(({ action, actor }) => action === 'view' && actor === 'person')).toBe(true);
  // Nothing of it is another member's.
  const theirs = await other.client.get('/api/me');
  expect(theirs.text).not.toContain(REASON);
  expect(theirs.json.readings.filter(({ actor }: { actor: string }) => actor === 'staff')).toEqual([]);
});

it('each of these is in the public ledger, and the member alone can show that it is theirs', async () => {
  const { client, id } = member;
  const { readings } = (await client.get('/api/me')).json as {
    readings: { index?: number; salt: string; kind: string }[];
  };
  const entries = await publicEntries(server.url);
  const sequenced = readings.filter(({ index }) => index !== undefined && index < entries.length);
  expect(sequenced.length).toBeGreaterThanOrEqual(4);
  for (const { index, salt, kind } of sequenced) {
    const entry = entries[index!]!;
    expect(entry.kind).toBe(kind);
    expect(Buffer.from(entry.subject).equals(subjectCommitment(id, Buffer.from(salt, 'base64')))).toBe(true);
    expect(Buffer.from(entry.subject).equals(subjectCommitment(other.id, Buffer.from(salt, 'base64')))).toBe(false);
  }
});

it.each([{ javaScriptEnabled: true }, { javaScriptEnabled: false }])(
  'all of it stands on one page: %o',
  async (options) => {
    const visitor = await visit(browser, server.url, options);
    const { page } = visitor;
    await visitor.open('/sign-in');
    await page.locator('#id').fill(member.email);
    await page.locator('#password').fill(PASSWORD);
    await visitor.press('Sign in');
    for (const [field, value] of Object.entries(shown(member))) {
      const row = page.locator('tr', { has: page.locator(`[data-field=${field}]`) });
      expect(await row.locator(`[data-field=${field}]`).innerText()).toBe(value);
      expect(await row.innerText()).toContain('operating the site');
      expect(await row.locator('time').getAttribute('datetime')).toMatch(/^\d{4}-\d\d-\d\dT/);
      expect(await row.locator('a').getAttribute('href')).toMatch(/^\/policy#mic-1[12]$/);
    }
    expect(await page.locator('[data-field]').count()).toBe(Object.keys(shown(member)).length);
    const read = page.locator('tr', { hasText: REASON });
    expect(await read.innerText()).toContain('authorised staff');
    expect(await read.innerText()).toContain('E-mail address');
    expect(await read.innerText()).toContain('maintaining and servicing the services');
    expect(await read.locator('a').first().getAttribute('href')).toBe('/policy#mic-29');
    expect(await page.locator('tr', { hasText: 'was refused' }).first().innerText()).toContain('authorised staff');
    expect(await page.locator('main').innerText()).not.toContain(PASSWORD);
    expect(visitor.foreign).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await visitor.end();
  },
);

it('a choice holds at once, and is on record with the words that were asked', async () => {
  const visitor = await visit(browser, server.url);
  const { page } = visitor;
  await visitor.open('/sign-in');
  await page.locator('#id').fill(other.email);
  await page.locator('#password').fill(PASSWORD);
  await visitor.press('Sign in');
  const choice = page.locator('form[action="/me/choices"]', { hasText: 'to sponsors' });
  expect(await choice.innerText()).toContain('Now: no.');
  for (const [button, now] of [
    ['Permit', 'Now: yes.'],
    ['Take it back', 'Now: no.'],
  ] as const) {
    await choice.getByRole('button', { name: button }).click();
    await page.waitForURL(/\/me/);
    await choice.getByText(now).waitFor();
  }
  const { json } = await other.client.get('/api/me');
  const answers = json.answers.filter(({ kind }: { kind: string }) => kind === 'consent');
  expect(answers).toMatchObject([
    { about: 'partner_marketing', recipients: ['sponsors'], clause: 'mic-26', answer: 'given', policy_version: '1' },
    {
      about: 'partner_marketing',
      recipients: ['sponsors'],
      clause: 'mic-26',
      answer: 'withdrawn',
      policy_version: '1',
    },
  ]);
  expect(answers[0].words).toContain('may give my profile to sponsors');
  expect(await page.locator('#answers ~ ul').innerText()).toContain('taken back');
  expect(await visitor.flaws()).toEqual([]);
  await visitor.end();
});
