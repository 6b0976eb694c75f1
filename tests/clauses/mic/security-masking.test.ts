import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from '../../harness/client.ts';
import { linkToken, mailsTo, newMember, newOperator, PASSWORD, registration } from '../../harness/people.ts';
import { eventually, startServer, type Server } from '../../harness/server.ts';
import { crawl, formsOf, isHtml } from '../support/pages.ts';
import { ledgerEntry, ledgerOf } from '../support/store.ts';
import { strings } from '../support/acknowledge.ts';
import { openMailSink } from '../support/mail-sink.ts';
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
  await client.form('/prove', { token, password: String(values['password']) });
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
  // Mail goes out by SMTP: only so there is no development outbox, which shows the developer every mail.
  const sink = await openMailSink();
  const house = await startServer({ env: { SMTP_URL: sink.url } });
  try {
    const stranger = new Client(house.url);
    const values = strings(
      registration({ name: 'Ludmila Überall-雪', company_location: '山东省青岛市崂山区海尔路 9 号' }),
    );
    const sent = await stranger.api('POST', '/api/services/registration', { ...values, acknowledged: true });
    expect(sent.status).toBe(201);
    const email = values['email_address']!;
    const token = await eventually(() => sink.mails.find(({ to }) => to === email)?.text.match(/token=([\w-]+)/)?.[1]);
    await stranger.form('/prove', { token, password: PASSWORD });
    const member = new Client(house.url);
    expect((await member.api('POST', '/api/session', { id: email, password: PASSWORD })).status).toBe(200);
    const { person } = (await member.get('/api/me')).json as { person: string };
    await member.api('PATCH', '/api/me', { company_phone: '+86 10 6555 9876', current_password: PASSWORD });
    const seeded = [...PRIVATE.map((field) => values[field]!), '+86 10 6555 9876', person];

    const asked = [
      ...['/me', '/api/me', '/people', '/members', '/profile', '/api/people'].flatMap((path) => [
        path,
        `${path}/${person}`,
        `${path}?person=${person}`,
        `${path}?id=${person}`,
      ]),
      '/outbox',
      '/api/outbox',
      '/api/outbox/1',
      '/desk',
      '/records',
      '/backup',
      '/records.backup',
      '/data/records',
      '/ledger/../secrets/root.key',
      '/ledger/%2e%2e/keyring/keyring.sqlite',
      '/ledger/tile/entries/000.p/3',
      '/assets/../package.json',
      '/.git/config',
      '/sitemap.xml',
      '/robots.txt',
      '/policy/search?q=Ludmila',
      '/policy/versions/%00',
    ];
    const pages = await crawl(house.url, asked);
    expect([...pages.values()].filter(isHtml).length).toBeGreaterThan(25);
    for (const [path, { text, headers }] of pages)
      expect(
        tracesIn(path.includes(person) ? text.replaceAll(person, '') : text + JSON.stringify([...headers]), seeded),
        path,
      ).toEqual([]);
    // Whatever else can be done with an address, and what the errors say.
    for (const path of pages.keys()) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const { text } = await stranger.send(method, path, '{"id":"?"', {
          headers: { 'content-type': 'application/json' },
        });
        expect(tracesIn(text.replaceAll(person, ''), seeded), `${method} ${path}`).toEqual([]);
      }
    }
    // Who knows the address of a member learns nothing more by it, and not even that it is a member's.
    const others = seeded.filter((value) => value !== email);
    for (const [path, body] of [
      ['/api/desk/read', { identifier: email, data: 'name' }],
      ['/api/session', { id: email, password: 'not the password' }],
      ['/api/follow', { reference: email }],
      ['/api/services/registration', { ...values, acknowledged: true }],
    ] as const) {
      const known = await stranger.api('POST', path, body);
      const unknown = await stranger.api(
        'POST',
        path,
        JSON.parse(JSON.stringify(body).replaceAll(email, `not.${email}`)),
      );
      expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
      expect(tracesIn(known.text, others)).toEqual([]);
    }
  } finally {
    await house.end();
    await sink.close();
  }
}, 90_000);

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
    // Refused: word for word as for an id that is nobody's. Where B's own page comes, the id changed nothing.
    if (there.status !== 200) expect(there.text.replaceAll(a.id, missing)).toBe(nowhere.text);
    else expect(there.text.split(b.values['name']!).length).toBe(nowhere.text.split(b.values['name']!).length);
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
    const form = formsOf(page.text).find(({ fields }) => fields.some(({ type }) => type === 'password'))!;
    expect(form.beforeButton).toMatch(/password to no ?one.*mic-36/i);
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
  // An export holds it no more than the house does.
  const folder = mkdtempSync(join(tmpdir(), 'troth-export-'));
  try {
    const file = join(folder, 'records.backup');
    expect(server.troth('backup', file)).toMatchObject({ status: 0 });
    expect(tracesIn(gunzipSync(readFileSync(file)), [fresh, PASSWORD, token])).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
