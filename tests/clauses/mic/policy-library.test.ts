import { createHash } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../../harness/browser.ts';
import { Client } from '../../harness/client.ts';
import { newMember, registration, type Member } from '../../harness/people.ts';
import { startServer, type Server } from '../../harness/server.ts';
import { crawl, formsOf, isHtml, wordsOf } from '../support/pages.ts';
import { acknowledge, strings, type Consent } from '../support/acknowledge.ts';
import { changedPolicy, failedStart, policyText } from '../support/policies.ts';
import { blocksAfter, clausesIn, gatheredIn } from '../support/notice.ts';
import { holdings, rowsOf } from '../support/store.ts';

const OLD_ADVICE = 'We advise you to tell your password to no one.';
const NEW_ADVICE = 'We ask you never to tell your password to anyone, 包括我们的员工。';
const MASCOT =
  '  company_mascot:\n    label: {en: Mascot of the company, zh: 吉祥物}\n    input: text\n    mask: all\n';
const VERSION_1 = 'version: "1"';
/** The next version: words changed, a rule alone changed, a clause more, a clause less, and a field that no clause asks for. */
const second = changedPolicy(
  'made-in-china',
  [VERSION_1, 'version: "2"'],
  [OLD_ADVICE, NEW_ADVICE],
  ['    accept_none: [company_fax, company_web_address]'.slice(2), '  accept_none: [company_fax]'],
  [
    '## What personal information is collected?',
    'The site is a young one. {#mic-40}\n\n```rule\nstate: belief\n```\n\n## What personal information is collected?',
  ],
  [
    'What somebody gives away in such an area becomes public information. {#mic-38a}\n\n```rule\nstate: definition\n```',
    '',
  ],
  ['data:\n', `data:\n${MASCOT}`],
);
const edited = changedPolicy('made-in-china', [OLD_ADVICE, NEW_ADVICE]);
const undeclared = changedPolicy('made-in-china', [
  'data: [name, email_address]\n  from: person',
  'data: [name, email_address, birthday]\n  from: person',
]);

let server: Server;
let browser: Browser;
let member: Member;
const anyone = (): Client => new Client(server.url);
beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), openBrowser()]);
  member = await newMember(server, { name: '王小明', company_description: '我们生产工具。'.repeat(40) });
});
afterAll(async () => {
  await browser.close();
  await server.end();
});

/** Names on forms that are no field of a service: what the field means, or '' for what says nothing of anybody. */
const MEANS: Record<string, string> = { id: 'email_address', current_password: 'password' };
const TECHNICAL = new Set(['token', 'version', 'q', 'reference', 'choice', 'answer', 'acknowledged']);

it('mic-01: every field that a service asks for has its entry in the public notice, which each page leads to', async () => {
  const pages = await crawl(server.url, []);
  for (const path of ['/me', '/me/edit', '/me/password']) pages.set(path, await member.client.get(path));
  const notice = pages.get('/policy')!;
  expect(wordsOf(notice.text)).toContain('Responsible: Made-in-China.com');
  const listed = gatheredIn(notice);
  const services = (await anyone().get('/api/services')).json as {
    service: string;
    fields: { data: string; label: string; clause: string }[];
  }[];
  expect(services.map(({ service }) => service)).toEqual(
    expect.arrayContaining(['registration', 'profile', 'question', 'trade']),
  );
  const asked = services.flatMap(({ fields }) => fields);
  expect(asked.length).toBeGreaterThan(25);
  for (const { data, label, clause } of asked) {
    expect(listed).toContain(data);
    expect(wordsOf(notice.text)).toContain(label);
    expect(notice.text).toContain(`id="${clause}"`);
  }
  const labels = new Set<string>();
  for (const [path, page] of [...pages].filter(([, page]) => isHtml(page))) {
    expect(page.text, path).toContain('href="/policy"');
    for (const { name, type } of formsOf(page.text).flatMap(({ fields }) => fields)) {
      if (TECHNICAL.has(name) || name.startsWith('consent:mic-26/')) continue;
      expect(listed, `${name} (${type}) on ${path}`).toContain(MEANS[name] ?? name);
      labels.add(name);
    }
  }
  // Not one field of the two forms was missed by this look.
  for (const { fields } of services.filter(({ service }) => ['registration', 'question', 'profile'].includes(service)))
    for (const { data } of fields) expect(labels).toContain(data);
  expect(
    (await rowsOf(server, 'select distinct field from records')).every(({ field }) => listed.includes(field as string)),
  ).toBe(true);
});

it('mic-01: a field without an entry cannot be added: not by who sends it, and not by who runs the house', async () => {
  const refused = await anyone().api('POST', '/api/services/registration', registration({ birthday: '1990-01-01' }));
  expect(refused.status).toBe(403);
  expect(refused.json.findings).toContainEqual(expect.objectContaining({ code: 'undeclared_data', data: 'birthday' }));
  expect(await failedStart({ policy: undeclared })).toMatch(/error: .*birthday/);
});

it('mic-04: eight questions open the notice; each leads to its answer, and each answer leads back', async () => {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 800, height: 600 } });
  const page = await context.newPage();
  await page.goto(`${server.url}/policy`);
  const questions = page.locator('#questions a');
  expect(await questions.count()).toBe(8);
  const asked = await questions.allInnerTexts();
  expect(asked).toEqual(asked.filter((words) => words.endsWith('?')));
  for (let i = 0; i < 8; i += 1) {
    await questions.nth(i).click();
    const place = new URL(page.url()).hash;
    expect(place).toMatch(/^#[a-z-]+$/);
    const heading = page.locator(`h2${place}`);
    expect(await heading.innerText()).toBe(asked[i]);
    // The browser is there: the heading stands at the top of the view, or as near as the page's end lets it.
    expect((await heading.boundingBox())!.y).toBeLessThan(600);
    expect(await page.evaluate('window.scrollY')).toBeGreaterThan(0);
    // What follows the heading, up to the next one, answers; the way back ends it.
    const answer = await blocksAfter(page, `h2${place}`);
    expect(answer.filter(([name]) => name === 'clause').length).toBeGreaterThan(0);
    expect(answer.at(-1)).toEqual(['why', '#top']);
    await page.locator(`h2${place} ~ p a[data-back-to-top]`).first().click();
    expect(new URL(page.url()).hash).toBe('#top');
    expect((await page.locator('#top').boundingBox())!.y).toBeGreaterThanOrEqual(0);
    expect((await page.locator('#top').boundingBox())!.y).toBeLessThan(600);
  }
  await context.close();
}, 60_000);

const CAVEAT = 'No data that travels by the Internet or over a wireless network can be promised to be 100% secure.';

it('mic-32: the caveat is readable on each form before what it sends is sent, and in the notice', async () => {
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  await context.addCookies([{ name: 'session', value: member.client.cookies.get('session')!, url: server.url }]);
  for (const path of [
    '/services/registration',
    '/services/question',
    '/me/edit',
    '/me/password',
    '/sign-in',
    '/forgot',
    '/set-password',
  ]) {
    await page.goto(`${server.url}${path}`);
    const caveat = page.locator('form p', { hasText: CAVEAT });
    expect(await caveat.count(), path).toBe(1);
    expect(await caveat.isVisible()).toBe(true);
    const [words, button] = await Promise.all([
      caveat.boundingBox(),
      page.locator('main form button').last().boundingBox(),
    ]);
    expect(words!.y + words!.height).toBeLessThanOrEqual(button!.y);
    expect(words!.height).toBeGreaterThan(10);
  }
  await context.close();
  const chinese = await anyone().get('/services/registration', { headers: { 'accept-language': 'zh-CN' } });
  expect(formsOf(chinese.text)[0]!.beforeButton).toContain('通过互联网或无线网络传输的数据，无法保证百分之百安全。');
  expect(clausesIn(await anyone().get('/policy')).get('mic-32')).toBe(CAVEAT);
}, 60_000);

it('mic-33: who has not acknowledged the risk is asked and nothing is taken; the acknowledgement is kept with version and time', async () => {
  for (const [service, values, language] of [
    ['registration', strings(registration()), 'en'],
    ['registration', strings(registration({ company_fax: '无' })), 'zh'],
    ['question', { email_address: 'asker@example.org', feedback_content: '风险由谁承担？' }, 'en'],
  ] as const) {
    const [kept, ...more] = await acknowledge(server, service, values, language);
    expect(more).toEqual([]);
    expect(kept).toMatchObject({
      about: 'mic-33',
      clause: 'mic-33',
      policy_version: '1',
      language,
      answer: 'given',
      by: 'person',
    });
    expect(kept!.words).toContain(
      language === 'en' ? 'does not warrant the security' : '不保证我在线发送或接收的信息的安全',
    );
  }
  // The member finds the record of their own.
  const { answers } = (await member.client.get('/api/me')).json as { answers: Consent[] };
  expect(answers).toEqual([
    expect.objectContaining({ clause: 'mic-33', policy_version: '1', answer: 'given', by: 'person' }),
  ]);
  expect(Math.abs(new Date(answers[0]!.at).getTime() - Date.now())).toBeLessThan(120_000);
}, 60_000);

it('mic-02, mic-03: a new version takes the stable address, the old one stays as it was, and returning readers see what changed', async () => {
  const url = '/policy';
  const before = await anyone().get(url);
  const first = clausesIn(before);
  expect(first.size).toBe(44);
  const reader = anyone();
  await reader.get(url);
  // To look sets nothing; to be told of changes later is the reader's choice, and holds the number of the version alone.
  expect(reader.cookies.size).toBe(0);
  await reader.form('/policy/seen', { version: '1' });
  expect([...reader.cookies]).toEqual([['seen_version', '1']]);
  expect((await reader.get(url)).text).not.toContain('id="changed"');
  const passing = anyone();
  const { mails } = await holdings(server);
  const { data } = server;

  await server.stop();
  expect(await failedStart({ policy: edited, data })).toContain(
    'version 1 of made-in-china is published with another text',
  );
  server = await startServer({ policy: second, data });

  const now = await anyone().get(url);
  expect(wordsOf(now.text)).toContain('version 2');
  expect(clausesIn(now).get('mic-36')).toBe(NEW_ADVICE);
  const history = await anyone().get('/policy/history');
  const listed = [
    ...history.text.matchAll(/<li><a href="([^"]+)">Version ([^<]+)<\/a> — <time datetime="([^"]+)"/g),
  ].map(([, href, version, at]) => ({ href, version, at }));
  expect(listed.map(({ version }) => version)).toEqual(['2', '1']);
  expect(listed[0]!.at! > listed[1]!.at!).toBe(true);
  const { versions } = (await anyone().get('/api/policy')).json as { versions: { version: string; sha256: string }[] };
  expect(versions.map(({ version }) => version)).toEqual(['2', '1']);
  expect(versions[1]!.sha256).toBe(createHash('sha256').update(policyText('made-in-china')).digest('hex'));
  const old = await anyone().get(listed[1]!.href!);
  expect([...clausesIn(old)]).toEqual([...first]);
  expect(wordsOf(old.text)).toContain('This is an earlier version.');
  expect(wordsOf(old.text)).toContain('version 1');

  const returning = anyone();
  returning.cookies.set('seen_version', reader.cookies.get('seen_version')!);
  const marked = await returning.get(url);
  const mark = /<div class="box no" id="changed"[\s\S]*?<\/form><\/div>/.exec(marked.text)![0];
  expect(wordsOf(mark)).toContain('This policy has changed since you read version 1.');
  expect(mark).toContain(`<del>${OLD_ADVICE}</del>`);
  expect(mark).toContain(`<ins>${NEW_ADVICE}</ins>`);
  const shown = [...mark.matchAll(/class="kept-by">(?:<a [^>]*>)?(mic-[\w.]+)/g)].map((match) => match[1]);
  expect(new Set(shown)).toEqual(new Set(['mic-12', 'mic-36', 'mic-38a', 'mic-40']));
  expect(wordsOf(mark)).toContain('mic-12 The rule that keeps it changed.');
  expect(mark).toContain('<ins>The site is a young one.</ins>');
  expect(mark).toContain('<del>What somebody gives away');
  expect((await returning.get('/policy/changes?from=1')).text).toContain(`<ins>${NEW_ADVICE}</ins>`);
  // A reader of version 2, and one who let nothing be remembered, see no mark.
  await returning.form('/policy/seen', { version: '2' });
  const passed = new Client(server.url);
  for (const [name, value] of passing.cookies) passed.cookies.set(name, value);
  for (const client of [returning, passed]) {
    const page = (await client.get(url)).text;
    expect(page).not.toContain('id="changed"');
    expect(page).not.toContain('<ins>');
  }
  // Nobody was written to, and nobody is promised to be.
  expect(wordsOf(now.text)).toContain('notification of updates');
  expect(await rowsOf(server, 'select 1 from mails where sent_at is null')).toEqual([]);
  expect((await holdings(server))['mails']).toBe(mails);
}, 120_000);

it('mic-01, mic-33: under the next version a field that no clause asks for is still refused, and who acknowledges, acknowledges that version', async () => {
  const page = await anyone().get('/policy');
  expect(gatheredIn(page)).not.toContain('company_mascot');
  const form = formsOf((await anyone().get('/services/registration')).text)[0]!;
  expect(form.fields.map(({ name }) => name)).not.toContain('company_mascot');
  const values = registration({ company_web_address: 'https://例子.example.cn' });
  const refused = await anyone().api('POST', '/api/services/registration', { ...values, company_mascot: 'A panda' });
  expect(refused.status).toBe(403);
  expect(refused.json.findings).toContainEqual(expect.objectContaining({ data: 'company_mascot' }));
  const [kept] = await acknowledge(server, 'registration', strings(values), 'en');
  expect(kept).toMatchObject({ clause: 'mic-33', policy_version: '2' });
}, 60_000);
