import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from '../../harness/client.ts';
import { linkToken, mailsTo, newMember, newOperator, PASSWORD, registration } from '../../harness/people.ts';
import { eventually, startServer, type Server } from '../../harness/server.ts';
import { crawl, wordsOf } from '../support/pages.ts';
import { ledgerEntry, ledgerOf } from '../support/store.ts';
import { tracesIn, tracesOf } from '../support/traces.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.end());

const PRIVATE = [
  'name',
  'email_address',
  'company_phone',
  'company_description',
  'company_web_address',
  'company_location',
  'company_name',
];

it('mic-30: neither password nor any personal value of a registration is in any file in clear, and access is logged', async () => {
  const values = registration({
    name: 'Ludmila Überall-雪',
    password: 'marker password 4711',
    company_fax: '+86 10 6555 4321',
  });
  const client = new Client(server.url);
  expect((await client.api('POST', '/api/services/registration', values)).status).toBe(201);
  const email = String(values['email_address']);
  const token = await linkToken(server, email, '/prove');
  await client.form('/prove', { token });
  expect((await client.api('POST', '/api/session', { id: email, password: values['password'] })).status).toBe(200);
  const searched = [...PRIVATE, 'company_fax', 'password'].map((field) => String(values[field]));
  expect(tracesOf(server, [...searched, token, client.cookies.get('session')!])).toEqual([]);

  const officer = await newOperator(server);
  const from = (await ledgerOf(server.url)).length;
  await officer.api('POST', '/api/desk/read', {
    identifier: email,
    data: 'email_address',
    purpose: 'legal_compliance',
    reference: 'order 5',
  });
  expect(await ledgerEntry(server.url, from, ({ kind, actor }) => kind === 'use' && actor === 'staff')).toMatchObject({
    clauses: ['mic-28'],
    purpose: 'legal_compliance',
    data: ['email_address'],
  });
  expect(tracesOf(server, searched)).toEqual([]);
});

it('mic-22: no anonymous request to any address of the house brings a value of a profile', async () => {
  const member = await newMember(server);
  const asked = [
    `/me?person=${member.id}`,
    `/api/me?person=${member.id}`,
    `/api/people/${member.id}`,
    `/people/${member.id}`,
    `/desk?identifier=${member.email}`,
    '/records',
    '/backup',
    '/data/records',
    '/ledger/../secrets/root.key',
    '/ledger/%2e%2e/keyring/keyring.sqlite',
    '/assets/../package.json',
    '/sitemap.xml',
    '/robots.txt',
    `/search?q=${member.email}`,
  ];
  const pages = await crawl(server.url, asked);
  // Mails wait in the development outbox for the developer alone; in production there is none.
  const answers = [...pages].filter(([path]) => !path.includes('/outbox'));
  expect(answers.length).toBeGreaterThan(25);
  const values = PRIVATE.map((field) => member.values[field]!);
  for (const [path, { text, headers }] of answers) {
    // An address that was asked for with a value in it may not come back with it either.
    expect(tracesIn(text + JSON.stringify([...headers]), values), path).toEqual([]);
  }
  const stranger = new Client(server.url);
  for (const body of [
    { identifier: member.email, data: 'email_address' },
    { id: member.email, password: 'x' },
    { reference: member.id },
  ]) {
    for (const path of ['/api/desk/read', '/api/session', '/api/follow']) {
      const answer = await stranger.api('POST', path, body);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(
        tracesIn(
          answer.text,
          values.filter((value) => value !== member.email),
        ),
      ).toEqual([]);
      expect(answer.text).not.toContain(member.email);
    }
  }
});

it('mic-34: only the right ID and password open an account; another member gets nowhere by changing an id', async () => {
  const [a, b] = [await newMember(server), await newMember(server)];
  const missing = '00000000-0000-4000-8000-000000000000';
  const ways = (id: string): string[] => [
    `/me?person=${id}`,
    `/api/me?person=${id}`,
    `/api/me/${id}`,
    `/me/${id}`,
    `/api/people/${id}`,
    `/people/${id}`,
  ];
  for (const [mine, theirs] of [ways(a.id), ways(missing)][0]!.map((path, i) => [path, ways(missing)[i]!] as const)) {
    const [there, nowhere] = [await b.client.get(mine), await b.client.get(theirs)];
    expect(there.status).toBe(nowhere.status);
    for (const answer of [there, nowhere])
      expect(
        tracesIn(
          answer.text,
          PRIVATE.map((field) => a.values[field]!),
        ),
      ).toEqual([]);
  }
  const edit = await b.client.api('PATCH', '/api/me', { person: a.id, name: 'Eve', current_password: PASSWORD });
  expect(edit.status).toBe(403);
  expect((await a.client.get('/api/me')).json.held).toContainEqual(
    expect.objectContaining({ field: 'name', value: a.values['name'] }),
  );

  // Repeated wrong passwords are throttled, for an ID that is somebody's and for one that is nobody's alike.
  for (const id of [a.email, 'nobody.at.all@example.org']) {
    const tries = [];
    for (let i = 0; i < 6; i += 1)
      tries.push(
        (await new Client(server.url).api('POST', '/api/session', { id, password: `wrong password ${i}` })).status,
      );
    expect(tries).toEqual([403, 403, 403, 403, 403, 429]);
  }
  const waiting = await new Client(server.url).api('POST', '/api/session', { id: a.email, password: PASSWORD });
  expect(waiting.status).toBe(429);
  expect(Number(waiting.headers.get('retry-after'))).toBeGreaterThan(0);
});

it('mic-36: wherever a password is set the page advises to tell it to no one', async () => {
  const member = await newMember(server);
  await new Client(server.url).form('/forgot', { id: member.email });
  const token = await linkToken(server, member.email, '/set-password');
  const pages = [
    await new Client(server.url).get('/services/registration'),
    await new Client(server.url).get(`/set-password?token=${token}`),
    await member.client.get('/me/password'),
    await new Client(server.url).get('/sign-in'),
  ];
  for (const page of pages) {
    const form = page.text.slice(page.text.indexOf('<form method="post" action="/s') >= 0 ? 0 : 0);
    expect(wordsOf(form)).toMatch(/password to no ?one/i);
    expect(form).toContain('href="/policy#mic-36"');
  }
});

it('mic-36: the mail of a reset holds a link that works once, and no password; neither has any view of staff', async () => {
  const member = await newMember(server);
  await new Client(server.url).form('/forgot', { id: member.email });
  const token = await linkToken(server, member.email, '/set-password');
  const fresh = 'a fresh marker password 3';
  expect((await new Client(server.url).form('/set-password', { token, password: fresh })).status).toBe(303);
  expect(
    (await new Client(server.url).form('/set-password', { token, password: 'yet another password 4' })).status,
  ).toBe(422);
  expect((await new Client(server.url).api('POST', '/api/session', { id: member.email, password: fresh })).status).toBe(
    200,
  );
  expect((await member.client.get('/api/me')).status).toBe(401);

  const mails = await eventually(async () => mailsTo(server, member.email));
  for (const mail of mails) expect(tracesIn(JSON.stringify(mail), [PASSWORD, fresh])).toEqual([]);
  const officer = await newOperator(server);
  const desk = await officer.get('/desk');
  expect(desk.text).not.toMatch(/name="data:password"/);
  for (const purpose of [
    'legal_compliance',
    'administrative_service_maintenance',
    'site_operation',
    'account_security',
  ]) {
    const asked = {
      identifier: member.email,
      data: 'password',
      purpose,
      reason: 'to help the member',
      reference: 'order 9',
    };
    const read = await officer.api('POST', '/api/desk/read', asked);
    expect(read.status).toBe(403);
    expect(read.text).not.toContain(fresh);
  }
  const mine = await new Client(server.url).api('POST', '/api/session', { id: member.email, password: fresh });
  expect(mine.text).not.toContain(fresh);
  expect(tracesOf(server, [fresh, PASSWORD])).toEqual([]);
});
