import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from '../../harness/client.ts';
import { newOperator } from '../../harness/people.ts';
import { startServer, type Server } from '../../harness/server.ts';
import { crawl, formsOf, isHtml, wordsOf } from '../support/pages.ts';
import { policyText } from '../support/policies.ts';
import { ask } from '../support/raw.ts';
import { holdings, ledgerEntry, ledgerOf } from '../support/store.ts';
import { tracesIn, tracesOf } from '../support/traces.ts';

const HAIER = 'policies/haier/policy.md';

let server: Server;
let operator: Client;
beforeAll(async () => {
  server = await startServer({ policy: HAIER });
  operator = await newOperator(server);
});
afterAll(() => server.end());

const keyringBytes = (): string =>
  createHash('sha256')
    .update(readFileSync(join(server.data, 'keyring', 'keyring.sqlite')))
    .digest('hex');

it('haier-03: every public page answers somebody who gives nothing, and nobody was taken down for it', async () => {
  const before = await holdings(server);
  const keyring = keyringBytes();
  const pages = await crawl(server.url, ['/policy/search?q=cookie']);
  // Behind a sign-in, for whom the answer is a way to it: the desk is the staff's, the rest is of a house with members.
  const closed = /^\/(api\/)?(desk|me)\b/;
  for (const [path, answer] of pages) {
    expect(answer.headers.getSetCookie(), path).toEqual([]);
    if (closed.test(path)) continue;
    const isWrite = answer.status === 404 && path.startsWith('/api/');
    if (!isWrite) expect([path, answer.status]).toEqual([path, 200]);
    if (!isHtml(answer)) continue;
    expect(wordsOf(answer.text).length, path).toBeGreaterThan(60);
    expect(answer.text, path).not.toMatch(/http-equiv="refresh"/i);
  }
  const read = [...pages.keys()].filter((path) => isHtml(pages.get(path)!));
  for (const path of [
    '/',
    '/policy',
    '/policy/history',
    '/policy/versions/1',
    '/policy/search',
    '/ledger',
    '/services/concern',
  ])
    expect(read).toContain(path);
  // A page that is no form of a service asks for no personal field: only a search, a reference and staff's own sign-in are asked.
  for (const path of read) {
    const names = formsOf(pages.get(path)!.text).flatMap(({ fields }) => fields.map(({ name }) => name));
    const allowed = path.startsWith('/services/concern')
      ? ['feedback_content']
      : ['q', 'reference', 'version', 'id', 'password', 'token'];
    expect(
      names.filter((name) => !allowed.includes(name)),
      path,
    ).toEqual([]);
  }
  expect(await holdings(server)).toEqual(before);
  expect(before).toMatchObject({ people: 1, records: 0 });
  expect(keyringBytes()).toBe(keyring);
});

it(
  'haier-05: an address that reaches the server by any way is nowhere afterwards, neither clear nor as a digest',
  { timeout: 60_000 },
  async () => {
    const mark = `ann${Date.now().toString(36)}`;
    const addresses: string[] = [];
    /** An address of its own for each way, so that a trace tells the way. */
    const from = (way: string): string => {
      const address = `${mark}.${way}@example.org`;
      addresses.push(address);
      return address;
    };
    const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
    const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
    const json = { 'content-type': 'application/json' };
    const entries = (await ledgerOf(server.url)).length;

    for (const path of ['/', '/policy', '/services/concern', '/nowhere', '/api/services', '/healthz']) {
      const query = new URLSearchParams({ email: from('query'), lang: from('lang'), [from('name')]: '1' });
      const { status } = await ask(server.url, `${path}?${query.toString()}`, {
        headers: {
          from: from('from'),
          referer: `https://mail.example.org/inbox?to=${from('referer')}#${from('fragment')}`,
          cookie: `user=${from('cookie')}; language=${from('language')}; seen_version=${from('seen')}; session=${from('session')}`,
          'user-agent': `Mozilla/5.0 (${from('agent')})`,
          'x-forwarded-for': from('forwarded'),
          forwarded: `for="${from('for')}"`,
          authorization: `Basic ${Buffer.from(`${from('basic')}:secret`).toString('base64')}`,
          'accept-language': from('accept'),
          'x-name': utf8(`王小明 <${from('unicode')}>`),
          'if-none-match': `"${from('etag')}"`,
        },
      });
      expect(status).toBe(path === '/nowhere' ? 404 : 200);
    }
    for (const path of [
      '/',
      '/services/',
      '/policy/versions/',
      '/api/services/',
      '/ledger/tile/',
      '/policy/changes?from=',
      '/prove?token=',
    ]) {
      for (const address of [from('path'), encodeURIComponent(from('percent')), `${from('zero')}%00`]) {
        await ask(server.url, `${path}${address}`);
      }
    }
    const posts: [path: string, headers: Record<string, string>, body: string][] = [
      [
        '/services/concern',
        form,
        new URLSearchParams({ feedback_content: 'Hello', email: from('undeclared') }).toString(),
      ],
      [
        '/services/concern',
        form,
        new URLSearchParams({ feedback_content: 'Hello', email_address: from('field') }).toString(),
      ],
      [
        '/services/concern',
        form,
        new URLSearchParams({ feedback_content: 'Hello', [from('fieldname')]: 'x' }).toString(),
      ],
      ['/services/concern', { ...form, origin: `https://${from('origin')}` }, 'feedback_content=Hello'],
      ['/services/concern', { 'content-type': from('type'), 'sec-fetch-site': 'same-origin' }, from('typed')],
      ['/api/services/concern', json, JSON.stringify({ feedback_content: 'Hello', email_address: from('json') })],
      ['/api/services/concern', json, `{"feedback_content": "${from('broken')}`],
      ['/api/services/concern', json, JSON.stringify({ feedback_content: 'Hello', nested: { email: from('nested') } })],
      [`/api/services/${from('service')}`, json, '{}'],
      ['/api/follow', json, JSON.stringify({ reference: from('reference') })],
      ['/follow', form, new URLSearchParams({ reference: from('followed') }).toString()],
      ['/staff/sign-in', form, new URLSearchParams({ id: from('id'), password: from('password') }).toString()],
      ['/api/staff/session', json, JSON.stringify({ id: from('staff'), password: 'wrong' })],
      [
        '/api/desk/read',
        json,
        JSON.stringify({ identifier: from('desk'), data: from('data'), purpose: from('purpose') }),
      ],
      ['/policy/seen', form, new URLSearchParams({ version: from('version') }).toString()],
    ];
    for (const [path, headers, body] of posts) {
      const { status } = await ask(server.url, path, { method: 'POST', headers, body });
      expect([path, status]).not.toEqual([path, 201]);
    }
    // An operator who is signed in may slip, too.
    await operator.api('POST', '/api/desk/read', {
      identifier: from('looked'),
      data: from('field2'),
      purpose: from('why'),
    });
    await operator.form('/desk/read', {
      case: from('case'),
      data: 'feedback_content',
      purpose: 'complaint_handling',
      reason: from('reason'),
    });

    // What was refused is counted into the ledger a moment later; from then on it could be anywhere that it will ever be.
    await ledgerEntry(server.url, entries, ({ kind, clauses }) => kind === 'refuse' && clauses.includes('haier-05'));
    const folder = mkdtempSync(join(tmpdir(), 'troth-export-'));
    try {
      const exported = join(folder, 'records.backup');
      expect(server.troth('backup', exported)).toMatchObject({ status: 0 });
      const keyring = join(folder, 'keyring.backup');
      expect(server.troth('backup', keyring, '--keyring')).toMatchObject({ status: 0 });
      const pages = await crawl(server.url, []);
      const shown = [...pages]
        .map(([path, { text, headers }]) => `${path}\n${[...headers].join('\n')}\n${text}`)
        .join('\n');
      for (const bytes of [gunzipSync(readFileSync(exported)), readFileSync(keyring), Buffer.from(shown)])
        expect(tracesIn(bytes, [mark, ...addresses])).toEqual([]);
      // The search finds what is there: the policy's own words, and the digest of its text that each entry holds.
      expect(tracesIn(gunzipSync(readFileSync(exported)), ['No 1 Haier Group Road']).length).toBeGreaterThan(0);
      expect(tracesIn(gunzipSync(readFileSync(exported)), [policyText('haier')]).join()).toContain('its sha256 in hex');
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(tracesOf(server, [mark, ...addresses])).toEqual([]);
    expect(await holdings(server)).toMatchObject({ people: 1, records: 0, cases: 0 });
  },
);

it('haier-05: a field for an e-mail address is refused by name, on this clause, wherever it is brought', async () => {
  const client = new Client(server.url);
  const whole = {
    feedback_content: 'Please answer to wang.xiaoming@example.cn',
    email_address: 'wang.xiaoming@example.cn',
  };
  const refused = await client.api('POST', '/api/services/concern', whole);
  expect(refused.status).toBe(403);
  expect(refused.json.findings).toContainEqual(
    expect.objectContaining({ code: 'forbidden', data: 'email_address', clause: 'haier-05' }),
  );
  const page = await client.form('/services/concern', whole);
  expect(page.status).toBe(422);
  expect(wordsOf(page.text)).toContain('haier-05');
  expect(
    formsOf((await client.get('/services/concern')).text).flatMap(({ fields }) => fields.map(({ name }) => name)),
  ).toEqual(['feedback_content']);
  // The same concern without the field is taken: what its text says is the sender's own doing, and sealed.
  const taken = await client.api('POST', '/api/services/concern', { feedback_content: whole.feedback_content });
  expect(taken.status).toBe(201);
  await server.stop();
  expect(tracesOf(server, [whole.email_address])).toEqual([]);
});
