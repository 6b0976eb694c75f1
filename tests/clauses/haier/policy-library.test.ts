import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../../harness/browser.ts';
import { Client, type Answer } from '../../harness/client.ts';
import { newOperator } from '../../harness/people.ts';
import { startServer, type Server } from '../../harness/server.ts';
import { attributeOf, crawl, formsOf, isHtml, linksOf, wordsOf } from '../support/pages.ts';
import { changedPolicy, failedStart, policyText } from '../support/policies.ts';
import { holdings, rowsOf } from '../support/store.ts';
import { tracesOf } from '../support/traces.ts';

const CLAUSES = [...policyText('haier').matchAll(/\{#(haier-[0-9a-z]+)\}/g)].map((match) => match[1]!);

/** Somebody else's site, that remembers what a visitor from here brought along. */
const arrivals: IncomingMessage[] = [];
const elsewhere = createServer((incoming, outgoing) => {
  arrivals.push(incoming);
  outgoing.end('<!doctype html><title>Another site</title>');
});

let server: Server;
let operator: Client;
beforeAll(async () => {
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  const outside = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/products?from=links`;
  // The same policy with a link out of the site in the clause that speaks of links, and one in a remark.
  const policy = changedPolicy('haier', [
    'Some pages link to sites that are not ours.',
    `Some pages link to sites that are not ours, such as [this shop](${outside}).`,
  ]);
  server = await startServer({ policy });
  operator = await newOperator(server);
});
afterAll(async () => {
  await server.end();
  elsewhere.close();
});

/** Each row of the notice's table of what is gathered: id, name, where, what for, clause. */
function gathered(notice: string): Map<string, { words: string; clause: string }> {
  return new Map(
    [...notice.matchAll(/<tr data-gathered="(\w+)">([\s\S]*?)<\/tr>/g)].map(([, id, row]) => [
      id!,
      { words: wordsOf(row!), clause: /href="#([\w.-]+)"/.exec(row!)![1]! },
    ]),
  );
}

it('haier-01: whatever the running site gathers is in the notice of Haier Group, with what is done with it', async () => {
  const client = new Client(server.url);
  const notice = (await client.get('/policy')).text;
  expect(wordsOf(notice)).toContain('Responsible: Haier Group');
  const listed = gathered(notice);
  // The inventory: what the API offers to take, what the forms send, and what lies in the records after they were used.
  const services = (await client.get('/api/services')).json as {
    service: string;
    fields: { data: string; label: string; purposes: string[]; clause: string }[];
  }[];
  const fields = services.flatMap((service) => service.fields);
  expect(fields.map(({ data }) => data)).toEqual(['feedback_content']);
  const pages = [...(await crawl(server.url, [])).values()].filter(isHtml);
  const posted = pages.flatMap(({ text }) => formsOf(text)).filter(({ action }) => action.startsWith('/services/'));
  expect(posted.length).toBeGreaterThan(0);
  await client.api('POST', '/api/services/concern', { feedback_content: '一条意见' });
  const kept = await rowsOf<{ field: string; clause: string; purposes: string[] }>(
    server,
    'select distinct field, clause, purposes from records',
  );
  expect(kept.length).toBeGreaterThan(0);
  const inventory = [
    ...fields.map(({ data }) => data),
    ...posted.flatMap((form) => form.fields.map(({ name }) => name)),
    ...kept.map(({ field }) => field),
  ];
  for (const field of inventory) {
    const row = listed.get(field);
    expect(row, field).toBeDefined();
    expect(CLAUSES).toContain(row!.clause);
    expect(notice).toContain(`id="${row!.clause}"`);
  }
  for (const { data, label, clause } of fields) {
    expect(listed.get(data)).toEqual({ clause, words: expect.stringContaining(label) });
    expect(listed.get(data)!.words).toContain('answering a concern about this statement');
  }
  for (const { purposes } of kept) expect(purposes).toEqual(['complaint_handling']);
  // Beside each field of the form stands the same, before the button.
  for (const form of posted) {
    expect(form.beforeButton).toMatch(/Haier Group answers for this site\.|本网站由海尔集团负责/);
    expect(form.beforeButton).toMatch(
      /(For: answering a concern about this statement|用于： 处理对本声明的意见) · haier-15a/,
    );
  }
});

it('haier-01: a field that the notice lacks is refused by name, and is nowhere afterwards', async () => {
  const client = new Client(server.url);
  const before = await holdings(server);
  const values: string[] = [];
  for (const name of ['telephone', 'birthday', 'utm_source', 'toString', '__proto__', '姓名', 'feedback_content2']) {
    const value = `value-of-${Buffer.from(name).toString('hex')}-that-nobody-declared`;
    values.push(value);
    const body = { feedback_content: 'A concern with something added', ...Object.fromEntries([[name, value]]) };
    const json = `{"feedback_content":"A concern","${name}":"${value}"}`;
    const answers = [
      await client.form('/services/concern', body),
      await client.send('POST', '/api/services/concern', json, { headers: { 'content-type': 'application/json' } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([422, name === '__proto__' ? 400 : 403]);
    for (const words of [wordsOf(answers[0]!.text), answers[1]!.json.detail]) expect(words).toContain(`"${name}"`);
    expect(wordsOf(answers[0]!.text)).toContain(`does not declare the field "${name}"`);
    if (name === '__proto__') continue;
    expect(answers[1]!.json.findings).toContainEqual(expect.objectContaining({ code: 'undeclared_data', data: name }));
  }
  expect(tracesOf(server, values)).toEqual([]);
  expect(await holdings(server)).toEqual(before);
}, 60_000);

const COLLECTS = '    data: [feedback_content]\n    from: person';
const TERM = '  domain_name:\n';
const telephone = '  telephone:\n    label: {en: Telephone, zh: 电话}\n    input: tel\n    mask: phone\n';
const withoutTerm = changedPolicy('haier', [COLLECTS, COLLECTS.replace(']', ', telephone]')]);
const withoutClause = changedPolicy('haier', [TERM, telephone + TERM]);
const withBoth = changedPolicy('haier', [TERM, telephone + TERM], [COLLECTS, COLLECTS.replace(']', ', telephone]')]);

it('haier-01: a field is enabled by the notice alone: not without its name, not without a clause', async () => {
  expect(await failedStart({ policy: withoutTerm })).toMatch(/error: .*telephone/);
  const concern = { feedback_content: 'Call me', telephone: '+86 532 8893 0000' };
  for (const [policy, status] of [
    [withoutClause, 403],
    [withBoth, 201],
  ] as const) {
    const other = await startServer({ policy });
    try {
      const client = new Client(other.url);
      const isListed = gathered((await client.get('/policy')).text).has('telephone');
      const isAsked = formsOf((await client.get('/services/concern')).text).some(({ fields }) =>
        fields.some(({ name }) => name === 'telephone'),
      );
      expect([isListed, isAsked]).toEqual([status === 201, status === 201]);
      const sent = await client.api('POST', '/api/services/concern', concern);
      expect(sent.status).toBe(status);
      const fields = await rowsOf<{ field: string }>(other, 'select field from records order by field');
      expect(fields.map(({ field }) => field)).toEqual(status === 201 ? ['feedback_content', 'telephone'] : []);
    } finally {
      await other.end();
    }
  }
}, 120_000);

/** Does a page lead to the notice, and say so in words? */
function linksToNotice({ text }: Pick<Answer, 'text'>): boolean {
  return [...text.matchAll(/<a\b([^>]*)>([\s\S]*?)<\/a>/g)].some(
    ([, attributes, words]) => attributeOf(attributes!, 'href') === '/policy' && /policy|政策/i.test(words!),
  );
}

it('haier-02a: every page leads a visitor without a cookie to the notice, which returns in full', async () => {
  const pages = new Map(
    [
      ...(
        await crawl(server.url, [
          '/nowhere',
          '/services/nothing',
          '/policy/versions/9',
          '/set-password',
          '/staff/sign-in',
          '/policy/changes?from=9',
        ])
      ).entries(),
    ].filter(([, page]) => isHtml(page)),
  );
  // Pages that answer a write: complaints, thanks, refusals, and those behind the desk's door.
  const client = new Client(server.url);
  const writes: [string, Promise<Answer>][] = [
    ['a complaint', client.form('/services/concern', {})],
    ['thanks', client.form('/services/concern', { feedback_content: '谢谢' })],
    ['no such reference', client.form('/follow', { reference: 'TR-0000-0000-0000-0000' })],
    ['no sign-in', client.form('/staff/sign-in', { id: 'nobody@example.org', password: 'wrong wrong wrong' })],
    ['the desk', operator.get('/desk')],
    [
      'a refusal',
      operator.form('/desk/read', {
        identifier: 'nobody@example.org',
        data: 'feedback_content',
        purpose: 'usage_measurement',
      }),
    ],
    ['nothing asked', operator.form('/desk/read', { purpose: 'complaint_handling' })],
  ];
  for (const [name, answer] of writes) pages.set(name, await answer);
  expect(pages.size).toBeGreaterThan(20);
  for (const [path, page] of pages) {
    expect(page.headers.getSetCookie(), path).toEqual([]);
    expect(linksToNotice(page), path).toBe(true);
    // The check is no formality: the same page without its links fails it.
    expect(linksToNotice({ text: page.text.replaceAll('href="/policy"', 'href="/"') }), path).toBe(false);
  }
  for (const language of ['en', 'zh-CN']) {
    const notice = await client.get('/policy', { bare: true, headers: { 'accept-language': language } });
    expect(notice.status).toBe(200);
    expect(notice.headers.getSetCookie()).toEqual([]);
    expect([...notice.text.matchAll(/<div class="clause" id="([^"]+)"/g)].map((match) => match[1])).toEqual(CLAUSES);
    const words = wordsOf(notice.text);
    for (const sentence of [
      'Our web servers take down which domain a visitor comes from.',
      'They take down nobody’s e-mail address.'.replace('’', "'"),
      'the site may be measured by it.',
    ])
      expect(words).toContain(sentence);
    expect(notice.text.trimEnd().endsWith('</html>')).toBe(true);
  }
  expect(CLAUSES).toHaveLength(20);
}, 60_000);

it('haier-14: who follows a link out of the site was told that the other policy applies, and brings nothing along', async () => {
  const zh = await new Client(server.url).get('/policy', { headers: { 'accept-language': 'zh' } });
  expect(wordsOf(zh.text)).toContain('适用对方网站自身的隐私政策');
  const browser = await openBrowser();
  try {
    // Under another host name than the other site, as two sites are in the world: cookies know no ports.
    const home = server.url.replace('127.0.0.1', 'localhost');
    const context = await browser.newContext({ locale: 'en-GB' });
    const secrets = ['Zhang Wei', 'zhang.wei@example.cn', 'a-secret-of-the-session'];
    await context.addCookies([{ name: 'session', value: secrets[2]!, url: home }]);
    const page = await context.newPage();
    await page.goto(
      `${home}/policy?name=${encodeURIComponent(secrets[0]!)}&email=${encodeURIComponent(secrets[1]!)}#haier-14`,
    );
    const links = page.locator('#main a[href^="http"]');
    expect(await links.count()).toBe(1);
    // Told before the click, in the link's own words.
    expect(await links.innerText()).toMatch(/leaves this site.*own policy applies/);
    await links.click();
    await page.waitForURL(/\/products/);
    const arrived = arrivals.find(({ url }) => url?.startsWith('/products'))!;
    expect(arrived.url).toBe('/products?from=links');
    expect(arrived.method).toBe('GET');
    for (const name of ['referer', 'origin', 'cookie', 'authorization', 'from'])
      expect(arrived.headers).not.toHaveProperty(name);
    const brought = JSON.stringify(arrived.rawHeaders);
    for (const secret of [...secrets, 'localhost', 'policy']) expect(brought).not.toContain(secret);
    expect(await page.evaluate('[document.referrer, window.opener]')).toEqual(['', null]);
  } finally {
    await browser.close();
  }
  // Nothing of the site is loaded from elsewhere, and nothing else leads away.
  for (const [path, { text, headers }] of await crawl(server.url, [])) {
    const outward = linksOf(text).filter(
      (href) => new URL(href, server.url).origin !== new URL(server.url).origin && !href.startsWith('mailto:'),
    );
    expect(outward.length, path).toBe(
      /^\/policy(\/versions\/1|\/search\?q=link)?(\?lang=(zh|en))?$/.test(path) && isHtml({ headers } as Answer)
        ? 1
        : 0,
    );
  }
}, 60_000);

it('haier-16: the notice says which site it speaks for, as a statement, and invites to measure the site by it', async () => {
  const { text } = await new Client(server.url).get('/policy');
  const clause = /<div class="clause" id="haier-16">([\s\S]*?)<\/div>/.exec(text)![1]!;
  expect(wordsOf(clause)).toContain(
    'holds for www.Haier.com, the site of Haier Group, and the site may be measured by it.',
  );
  expect(wordsOf(clause)).toContain('a statement (scope)');
  // The measure is at hand: for each clause whether tests show it kept, and the ledger of what was done.
  const clauses = (await new Client(server.url).get('/api/policy/clauses')).json as { id: string; state: string }[];
  expect(clauses.map(({ id }) => id)).toEqual(CLAUSES);
  expect(clauses.find(({ id }) => id === 'haier-16')!.state).toBe('statement');
  for (const href of ['/services/concern', '/ledger'])
    expect(linksOf((await new Client(server.url).get('/')).text)).toContain(href);
});
