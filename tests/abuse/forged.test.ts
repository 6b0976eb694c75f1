import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../harness/client.ts';
import { mailsTo, newMember, newOperator, PASSWORD, registration, type Member } from '../harness/people.ts';
import { raw, type RawRequest } from '../harness/raw.ts';
import { eventually, startServer, type Server } from '../harness/server.ts';

let server: Server;
let member: Member;
let officer: Client;
beforeAll(async () => {
  server = await startServer();
  member = await newMember(server);
  officer = await newOperator(server);
});
afterAll(() => server.end());

const FORM = 'application/x-www-form-urlencoded';

/** What a page elsewhere would make the browser of a signed-in person send. */
const WRITES: [string, string, Record<string, string>][] = [
  ['POST', '/services/question', { email_address: 'x@example.org', feedback_content: 'forged', acknowledged: 'yes' }],
  ['POST', '/services/registration', {}],
  ['POST', '/sign-in', { id: 'x@example.org', password: 'x' }],
  ['POST', '/sign-out', {}],
  ['POST', '/prove', { token: 'x' }],
  ['POST', '/forgot', { id: 'x@example.org' }],
  ['POST', '/set-password', { token: 'x', password: 'x' }],
  ['POST', '/follow', { reference: 'TR-0000-0000-0000-0000' }],
  ['POST', '/policy/seen', { version: '1' }],
  ['POST', '/me/choices', { choice: 'objection:marketing', answer: 'yes' }],
  ['POST', '/me/edit', { company_name: 'Forged', current_password: PASSWORD }],
  ['POST', '/me/password', { current_password: PASSWORD, password: 'forged password 1' }],
  ['POST', '/desk/read', { identifier: 'x@example.org', 'data:name': 'yes', purpose: 'marketing' }],
  ['POST', '/desk/state', { case: 'x', state: 'closed' }],
  ['POST', '/api/me/choices', { choice: 'objection:marketing', answer: 'yes' }],
  ['PATCH', '/api/me', { company_name: 'Forged', current_password: PASSWORD }],
  ['POST', '/api/desk/read', { identifier: 'x@example.org', data: 'name' }],
  ['DELETE', '/api/session', {}],
];

/** How forgeries look; each with the cookies that the browser adds of its own. */
const FORGERIES: [string, Record<string, string>][] = [
  ['a foreign origin', { origin: 'https://evil.example' }],
  ['a foreign origin that begins like ours', { origin: 'http://127.0.0.1.evil.example' }],
  ['our host over another port', { origin: 'http://127.0.0.1:1' }],
  ['our host over another scheme', { origin: 'OTHER-SCHEME' }],
  ['a foreign origin that says same-origin', { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }],
  ['our origin from another site', { origin: 'OURS', 'sec-fetch-site': 'cross-site' }],
  ['our origin from a neighbour of the same site', { origin: 'OURS', 'sec-fetch-site': 'same-site' }],
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['an opaque origin', { origin: 'null' }],
  ['an opaque origin of another site', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['no word of where it comes from', {}],
  ['an origin that is none', { origin: 'not an origin' }],
];

describe.each(FORGERIES)('a write with %s is refused', (_what, told) => {
  it('at every door, for members and staff, and does nothing', async () => {
    const before = (await member.client.get('/api/me')).json;
    const headers = Object.fromEntries(
      Object.entries(told).map(([name, value]) => [
        name,
        value.replace('OURS', server.url).replace('OTHER-SCHEME', server.url.replace('http:', 'https:')),
      ]),
    );
    for (const who of [member.client, officer]) {
      const cookie = [...who.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      for (const [method, path, fields] of WRITES) {
        for (const type of path.startsWith('/api/') ? ['application/json', 'text/plain'] : [FORM]) {
          const body = type === FORM ? new URLSearchParams(fields).toString() : JSON.stringify(fields);
          const length = { 'content-type': type, 'content-length': String(Buffer.byteLength(body)) };
          const answer = await raw(server.url, { method, path, body, headers: { cookie, ...length, ...headers } });
          expect([answer.status, path], answer.text).toEqual([403, path]);
          expect(JSON.parse(answer.text).code).toMatch(/^(foreign-origin|origin-unknown)$/);
          expect(answer.headers['set-cookie']).toBeUndefined();
        }
      }
    }
    const after = (await member.client.get('/api/me')).json;
    expect({ held: after.held, choices: after.choices, answers: after.answers }).toEqual({
      held: before.held,
      choices: before.choices,
      answers: before.answers,
    });
    expect((await officer.get('/desk')).status).toBe(200);
  });
});

it('a program without a cookie may speak for itself, as JSON; a form may not', async () => {
  const body = JSON.stringify({ reference: 'TR-0000-0000-0000-0000' });
  const asked = (headers: Record<string, string>, path = '/api/follow') =>
    raw(server.url, { method: 'POST', path, headers, body });
  expect((await asked({ 'content-type': 'application/json' })).status).toBe(404);
  expect((await asked({ 'content-type': 'application/json', cookie: 'language=zh' })).status).toBe(403);
  expect((await asked({ 'content-type': 'text/plain' })).status).toBe(403);
  expect((await asked({ 'content-type': FORM }, '/follow')).status).toBe(403);
});

it('reads change nothing, so links from elsewhere may lead to any page', async () => {
  const before = (await member.client.get('/api/me')).json.choices;
  for (const [, path] of WRITES) {
    const { status } = await member.client.get(path, {
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    });
    expect([200, 303, 401, 404], path).toContain(status);
  }
  expect((await member.client.get('/api/me')).json.choices).toEqual(before);
});

describe('headers that lie', () => {
  const page = (headers: Record<string, string>, path = '/sign-in') => raw(server.url, { path, headers });

  it('a foreign host is not answered in development', async () => {
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'evil.example:80',
      '[::2]',
    ]) {
      const { status, text } = await page({ host });
      expect(status, host).toBe(421);
      expect(text).not.toContain('evil');
    }
    expect((await page({ host: 'a b c' })).status).toBe(400);
  });

  it('a forwarded host or scheme changes neither links in mails nor cookies', async () => {
    const values = registration();
    const lies = {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.example;proto=https',
      'x-original-url': '/desk',
    };
    const client = new Client(server.url);
    const port = new URL(server.url).port;
    const sent = await client.api('POST', '/api/services/registration', values, { headers: lies });
    expect(sent.status).toBe(201);
    const mails = await eventually(async () => {
      const list = await mailsTo(server, String(values['email_address']));
      return list.length > 0 ? list : undefined;
    });
    expect(mails[0]!.text).toContain(`127.0.0.1:${port}/prove?token=`);
    expect(mails[0]!.text).not.toContain('evil');
    const { headers, text } = await page({ host: `127.0.0.1:${port}`, ...lies });
    expect(JSON.stringify(headers) + text).not.toContain('evil');
  });

  it('asks for less security get none less', async () => {
    for (const path of ['/', '/policy', '/sign-in', '/me', '/api/policy', '/nowhere', '/assets/troth.css']) {
      const { headers } = await page({ host: new URL(server.url).host, 'upgrade-insecure-requests': '0' }, path);
      expect(headers['content-security-policy'], path).toMatch(/^default-src 'none'/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['server']).toBeUndefined();
      expect(headers['x-powered-by']).toBeUndefined();
    }
  });
});

describe('cookies', () => {
  const PUBLIC = [
    '/',
    '/policy',
    '/policy/history',
    '/policy/changes?from=1',
    '/policy/versions/1',
    '/services/registration',
    '/services/question',
    '/follow',
    '/sign-in',
    '/staff/sign-in',
    '/forgot',
    '/prove?token=x',
    '/set-password?token=x',
    '/ledger',
    '/ledger/checkpoint',
    '/ledger/key',
    '/outbox',
    '/api/policy',
    '/api/policy/clauses',
    '/api/services',
    '/openapi.json',
    '/robots.txt',
    '/healthz',
    '/readyz',
    '/me',
    '/desk',
    '/nowhere',
  ];

  it('no public page sets one, nor does a refused or a sent form', async () => {
    const requests: RawRequest[] = PUBLIC.flatMap((path) => [
      { path },
      { path: path + (path.includes('?') ? '&' : '?') + 'lang=xx' },
      { path, headers: { cookie: 'session=abc; language=xx; seen_version=9; other=1' } },
    ]);
    for (const request of requests)
      expect((await raw(server.url, request)).headers['set-cookie'], request.path).toBeUndefined();
    const client = new Client(server.url);
    const question = { email_address: 'q@example.org', feedback_content: 'q', acknowledged: 'yes' };
    for (const [path, fields] of [
      ['/services/question', {}],
      ['/services/question', question],
      ['/sign-in', { id: 'nobody@example.org', password: 'wrong' }],
      ['/forgot', { id: 'nobody@example.org' }],
      ['/prove', { token: 'x' }],
    ] as const) {
      expect((await client.form(path, fields)).headers.getSetCookie(), path).toEqual([]);
    }
  });

  it('a language is kept only when it was chosen, and holds nothing but the choice', async () => {
    const lines = (await new Client(server.url).get('/policy?lang=zh')).headers.getSetCookie();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^language=zh; /);
    expect(lines[0]).toMatch(/SameSite=Lax/i);
    for (const odd of ['%0d%0aSet-Cookie:x=1', 'zh%3B%20x=1', '<script>']) {
      const answer = await new Client(server.url).get(`/policy?lang=${odd}`);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });

  it('a session is out of the reach of scripts and of other sites, and over TLS bound to this host', async () => {
    const body = JSON.stringify({ id: member.email, password: PASSWORD });
    const headers = { 'content-type': 'application/json' };
    const signIn = { method: 'POST', path: '/api/session', headers, body };
    const [plain] = (await raw(server.url, signIn)).headers['set-cookie'] ?? [];
    expect(plain).toMatch(/^session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    const secured = await raw(server.https, signIn);
    expect(secured.status, secured.text).toBe(200);
    const [bound] = secured.headers['set-cookie'] ?? [];
    expect(bound).toMatch(/^__Host-session=[\w-]{43}; /);
    expect(bound).toMatch(/; Secure/);
    // The one is not taken for the other.
    const token = /=([\w-]{43});/.exec(bound!)![1]!;
    expect((await raw(server.https, { path: '/api/me', headers: { cookie: `session=${token}` } })).status).toBe(401);
    expect((await raw(server.https, { path: '/api/me', headers: { cookie: `__Host-session=${token}` } })).status).toBe(
      200,
    );
  });
});
