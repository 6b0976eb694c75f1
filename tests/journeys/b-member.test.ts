import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { openBrowser } from '../harness/browser.ts';
import { filesWith } from '../harness/bytes.ts';
import { Client } from '../harness/client.ts';
import { linkToken, mailsTo, newMember, PASSWORD, registration } from '../harness/people.ts';
import { eventually, startServer, type Server } from '../harness/server.ts';
import { PHONE, visit, type Visitor } from '../harness/visitor.ts';

let browser: Browser;
let server: Server;
beforeAll(async () => {
  [browser, server] = await Promise.all([openBrowser(), startServer()]);
});
afterAll(async () => {
  await browser.close();
  await server.end();
});

/** Types a registration into the form, as a person does. */
async function fill({ page }: Visitor, values: Record<string, unknown>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    const field = page.locator(`main [name="${name}"]`);
    if (value === true) await field.check();
    else await field.fill(String(value));
  }
}

/** Opens the newest link that a mail in the outbox brought to an address, as its reader does. */
async function followMail({ page }: Visitor, email: string): Promise<void> {
  await eventually(async () => ((await mailsTo(server, email)).length > 0 ? true : undefined));
  await page.goto('/outbox');
  await page.locator('article', { hasText: email }).first().getByRole('link', { name: '/prove' }).click();
  await page.fill('#password', PASSWORD);
}

async function signIn(visitor: Visitor, email: string, password: string): Promise<number> {
  await visitor.open('/sign-in');
  await fill(visitor, { id: email, password });
  return visitor.press('Sign in');
}

it.each([
  { javaScriptEnabled: false, phone: false },
  { javaScriptEnabled: true, phone: true },
])(
  'a member registers, proves the address, signs in and edits the profile: %o',
  async ({ javaScriptEnabled, phone }) => {
    const visitor = await visit(browser, server.url, { javaScriptEnabled, ...(phone && PHONE) });
    const { page } = visitor;
    const values = registration();
    const email = String(values['email_address']);
    await visitor.open('/');
    await page.locator('main').getByRole('link', { name: 'Register as a member' }).click();
    expect(await page.locator('main input[type=checkbox]:checked').count()).toBe(0);
    const names = await page.locator('main form').evaluate((form) => {
      const fields = (form as unknown as { elements: Iterable<{ name: string }> }).elements;
      return [...fields].map(({ name }) => name).filter((name) => name !== '');
    });
    const boxes = names.filter((name) => name.startsWith('consent:'));
    expect(names.filter((name) => !boxes.includes(name)).toSorted()).toEqual(Object.keys(values).toSorted());

    // An empty field is no answer: the form comes back, says which, and keeps what was typed, but never the password.
    await fill(visitor, { ...values, company_turnover: '' });
    expect(await visitor.press('Send')).toBe(422);
    expect(await page.locator('[aria-invalid=true]').getAttribute('name')).toBe('company_turnover');
    expect(await page.locator('[name=company_name]').inputValue()).toBe(values['company_name']);
    expect(await page.locator('[name=password]').inputValue()).toBe('');
    await fill(visitor, { company_turnover: values['company_turnover'], password: PASSWORD, acknowledged: true });
    expect(await visitor.press('Send')).toBe(201);
    expect(await visitor.context.cookies()).toEqual([]);

    expect(await signIn(visitor, email, PASSWORD)).toBe(403);
    expect(await page.locator('[role=alert]').innerText()).toContain('prove your address first');
    await followMail(visitor, email);
    // To open the link proves nothing yet, since mail programs open links: the button does.
    expect(await page.locator('h1').innerText()).toBe('Is this your address?');
    expect(await visitor.press('Yes, it is mine')).toBe(200);
    expect(await page.locator('h1').innerText()).toBe('The address is yours');

    expect(await signIn(visitor, email, `${PASSWORD}!`)).toBe(403);
    expect(await visitor.context.cookies()).toEqual([]);
    expect(await signIn(visitor, email, PASSWORD)).toBe(303);
    expect(new URL(page.url()).pathname).toBe('/me');
    const [cookie, ...others] = await visitor.context.cookies();
    expect(others).toEqual([]);
    expect(cookie).toMatchObject({ name: 'session', httpOnly: true, sameSite: 'Lax' });

    await page.getByRole('link', { name: 'Edit', exact: true }).click();
    await fill(visitor, { company_name: 'Renamed & Sons', current_password: 'not the password' });
    expect(await visitor.press('Save')).toBe(403);
    expect(await page.locator('[role=alert]').first().innerText()).toContain('not your password');
    await visitor.open('/me');
    expect(await page.locator('[data-field=company_name]').innerText()).toBe(values['company_name']);
    await visitor.open('/me/edit');
    await fill(visitor, { company_name: 'Renamed & Sons', current_password: PASSWORD });
    expect(await visitor.press('Save')).toBe(303);
    expect(await page.locator('[data-field=company_name]').innerText()).toBe('Renamed & Sons');
    expect(await page.locator('[data-field=name]').innerText()).toBe(values['name']);

    await page.locator('header').getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${server.url}/`);
    expect(await visitor.context.cookies()).toEqual([]);
    await visitor.open('/me');
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    expect(visitor.foreign).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await visitor.end();
  },
);

it('an undeclared field is refused by name, and is nowhere afterwards: not its value, not its name', async () => {
  const client = new Client(server.url);
  const values = registration();
  const [value, name] = [`Secret-${process.pid}-zebra`, `shoe_of_${process.pid}_zebra`];
  const typed = Object.fromEntries(
    Object.entries(values).map(([key, each]) => [key, each === true ? 'yes' : String(each)]),
  );
  const page = await client.form('/services/registration', { ...typed, [name]: value });
  expect(page.status).toBe(422);
  expect(page.text).toContain(name);
  expect(page.text).not.toContain(value);
  const refused = await client.api('POST', '/api/services/registration', { ...values, [name]: value });
  expect(refused.status).toBe(403);
  expect(refused.json.findings).toContainEqual(expect.objectContaining({ code: 'undeclared_data', data: name }));
  expect(refused.text).not.toContain(value);

  const { client: member } = await newMember(server);
  const edited = await member.api('PATCH', '/api/me', { [name]: value, current_password: PASSWORD });
  expect(edited.status).toBe(403);
  expect(edited.json.findings).toContainEqual(expect.objectContaining({ code: 'undeclared_data', data: name }));

  // Everything is on disk once the refusals were summed up and the server has stopped.
  const before = server.output();
  await server.stop();
  for (const needle of [value, name]) {
    expect(filesWith(server.data, needle), needle).toEqual([]);
    expect(before).not.toContain(needle);
    expect(server.output()).not.toContain(needle);
  }
  // The search sees what is there: the word of a declared field, which stands beside every sealed value.
  expect(filesWith(server.data, 'company_turnover')).not.toEqual([]);
  // Nor did anything of that registration stay, since all of it was refused.
  for (const needle of [values['name'], values['email_address']])
    expect(filesWith(server.data, String(needle))).toEqual([]);
  const { data } = server;
  server = await startServer({ data });
  const sign = await new Client(server.url).api('POST', '/api/session', {
    id: values['email_address'],
    password: PASSWORD,
  });
  expect(sign.json.code).toBe('sign-in-wrong');
});

it('nothing that a member said is in the clear anywhere in the house', async () => {
  const member = await newMember(server);
  await member.client.api('PATCH', '/api/me', { company_name: 'Quite Unmistakable GmbH', current_password: PASSWORD });
  expect((await member.client.get('/api/me')).text).toContain('Quite Unmistakable GmbH');
  const { data } = server;
  await server.stop();
  const said = [
    ...Object.values(member.values).filter((value) => typeof value === 'string' && value.length > 12),
    'Quite Unmistakable GmbH',
  ];
  expect(said.length).toBeGreaterThan(7);
  for (const value of said) {
    expect(filesWith(data, value), value).toEqual([]);
    expect(server.output()).not.toContain(value);
  }
  server = await startServer({ data });
});

it('a link proves one address once, and a new address must be proved anew', async () => {
  const member = await newMember(server);
  const { client, email } = member;
  const moved = `moved.${email}`;
  const changed = await client.api('PATCH', '/api/me', { email_address: moved, current_password: PASSWORD });
  expect(changed.json).toEqual({ changed: ['email_address'] });
  const token = await linkToken(server, moved, '/prove');
  // The old address opens the account until the new one is proved.
  expect((await client.api('POST', '/api/session', { id: email, password: PASSWORD })).status).toBe(200);
  expect((await client.form('/prove', { token, password: PASSWORD })).status).toBe(200);
  expect((await client.form('/prove', { token, password: PASSWORD })).status).toBe(403);
  expect((await client.api('POST', '/api/session', { id: moved, password: PASSWORD })).status).toBe(200);
  expect((await client.api('POST', '/api/session', { id: email, password: PASSWORD })).status).toBe(403);
});
