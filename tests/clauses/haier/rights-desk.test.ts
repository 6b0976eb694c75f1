import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from '../../harness/client.ts';
import { newOperator } from '../../harness/people.ts';
import { startServer, type Server } from '../../harness/server.ts';
import { formsOf, wordsOf } from '../support/pages.ts';
import { holdings, ledgerEntry, ledgerOf } from '../support/store.ts';
import { tracesOf } from '../support/traces.ts';

interface Case {
  case: string;
  reference: string;
  channel: string;
  mailbox: string;
  state: string;
  opened: string;
}

let server: Server;
let operator: Client;
beforeAll(async () => {
  server = await startServer({ policy: 'policies/haier/policy.md' });
  operator = await newOperator(server);
});
afterAll(() => server.end());

const queue = async (): Promise<Case[]> => (await operator.get('/api/desk/queue')).json as Case[];

/** Sends a concern as somebody unknown, by the API. */
async function concern(words: string): Promise<string> {
  const sent = await new Client(server.url).api('POST', '/api/services/concern', { feedback_content: words });
  expect(sent.status).toBe(201);
  return sent.json.reference as string;
}

const follow = (reference: string) => new Client(server.url).api('POST', '/api/follow', { reference });

const CONCERNS = [
  'Your site asked me for a phone number on its front page.',
  '网站在未说明的情况下设置了 cookie，与声明不符。请答复。',
  `Ünïcødé & <script>alert("x")</script>\nthe second line\n${'a very long concern '.repeat(300)}end`,
];

it('haier-15a: a concern sent without an account is in the queue of the Webmaster with its reference and time; its sender follows it', async () => {
  for (const words of CONCERNS) {
    const sender = new Client(server.url);
    const from = new Date();
    const page = await sender.get('/services/concern');
    expect(formsOf(page.text).flatMap(({ fields }) => fields.map(({ name }) => name))).toEqual(['feedback_content']);
    const sent = await sender.form('/services/concern', { feedback_content: words });
    expect(sent.status).toBe(201);
    const reference = /<strong id="reference"><code>([^<]+)</.exec(sent.text)![1]!;
    expect(wordsOf(sent.text)).toContain('queue of Webmaster');
    expect(wordsOf(sent.text)).toContain('No deadline is promised');

    const mine = (await queue()).find((each) => reference.startsWith(`${each.reference}-`))!;
    expect(mine).toMatchObject({ channel: 'web', mailbox: 'Webmaster', state: 'received' });
    const opened = new Date(mine.opened);
    expect(opened.getTime()).toBeGreaterThanOrEqual(from.getTime());
    expect(opened.getTime()).toBeLessThanOrEqual(Date.now());
    const desk = wordsOf((await operator.get('/desk')).text);
    expect(desk).toContain(`${mine.reference}… · Webmaster · web · ${mine.opened.slice(0, 16).replace('T', ' ')} UTC`);
    const read = await operator.api('POST', '/api/desk/read', {
      case: mine.case,
      data: 'feedback_content',
      purpose: 'complaint_handling',
    });
    expect(read.json.held).toMatchObject([{ value: words.trim(), masked: false }]);

    // The sender, elsewhere and later, with nothing but the reference as they wrote it down.
    const later = new Client(server.url);
    const written = reference.toLowerCase().replaceAll('-', ' ');
    for (const [state, shown] of [
      ['received', 'received, waiting'],
      ['in_work', 'being worked on'],
      ['answered', 'answered'],
    ] as const) {
      if (state !== 'received') await operator.form('/desk/state', { case: mine.case, state });
      expect((await later.api('POST', '/api/follow', { reference: written })).json).toMatchObject({
        state,
        mailbox: 'Webmaster',
        received: mine.opened,
      });
      expect(wordsOf((await later.form('/follow', { reference: written })).text)).toContain(`State ${shown}`);
    }
    expect([sender.cookies.size, later.cookies.size]).toEqual([0, 0]);
    // Answered: it waits no longer.
    expect((await queue()).map((each) => each.case)).not.toContain(mine.case);
  }
});

it('haier-15a: an empty concern is refused by name and opens no case', async () => {
  const before = await holdings(server);
  const sender = new Client(server.url);
  for (const words of [{}, { feedback_content: '' }, { feedback_content: ' \n\t ' }]) {
    const refused = await sender.api('POST', '/api/services/concern', words);
    expect(refused.status).toBe(403);
    expect(refused.json.findings).toContainEqual(
      expect.objectContaining({ code: 'missing_field', data: 'feedback_content', clause: 'haier-15a' }),
    );
    expect((await sender.form('/services/concern', { feedback_content: '', ...words })).status).toBe(422);
  }
  expect(await holdings(server)).toEqual(before);
});

it('haier-02c: with the reference as proof somebody gets exactly the record that they gave, and without it nobody gets anything', async () => {
  const entries = (await ledgerOf(server.url)).length;
  const [ann, bo] = ['My own words, 安妮: take my name off the list.', 'Mine, not hers: 博. Do not show this to Ann.'];
  const [hers, his] = [await concern(ann), await concern(bo)];
  for (const [reference, words] of [
    [hers, ann],
    [his, bo],
  ] as const) {
    const got = await follow(reference);
    expect(got.status).toBe(200);
    expect(
      got.json.own.map(({ field, value, masked, clause, service }: Record<string, unknown>) => [
        field,
        value,
        masked,
        clause,
        service,
      ]),
    ).toEqual([['feedback_content', words, false, 'haier-15a', 'concern']]);
    const page = await new Client(server.url).form('/follow', { reference });
    expect(wordsOf(page.text)).toContain(words);
    for (const other of [ann, bo].filter((each) => each !== words)) {
      expect(got.text).not.toContain(other);
      expect(wordsOf(page.text)).not.toContain(other);
    }
  }
  // Without proof: nothing, a guess, a near miss, half of it, both at once, the case's own id, a wild card.
  const near = hers.slice(0, -1) + (hers.endsWith('2') ? '3' : '2');
  const [{ case: id } = { case: '' }] = (await queue()).filter(({ reference }) => hers.startsWith(reference));
  const answers = new Set<string>();
  for (const guess of [
    '',
    'TR-0000-0000-0000-0000',
    near,
    hers.slice(0, 7),
    hers.slice(0, -1),
    `${hers} ${his}`,
    id,
    '%',
    '*',
    "' or ''='",
    '安妮',
  ]) {
    const refused = await follow(guess);
    expect(refused.status).toBe(404);
    answers.add(refused.text);
    const page = await new Client(server.url).form('/follow', { reference: guess });
    expect(page.status).toBe(404);
    for (const words of [ann, bo]) expect(refused.text + page.text).not.toContain(words);
  }
  expect(answers.size).toBe(1);
  for (const path of [
    `/api/follow?reference=${hers}`,
    `/follow?reference=${hers}`,
    `/follow/${hers}`,
    `/api/follow/${hers}`,
  ])
    expect((await new Client(server.url).get(path)).text).not.toContain('安妮');
  // The look of the person is in the ledger as such; the words are nowhere in clear.
  await ledgerEntry(
    server.url,
    entries,
    ({ kind, action, actor, clauses }) =>
      kind === 'use' && action === 'view' && actor === 'person' && clauses.includes('haier-02c'),
  );
  await ledgerEntry(
    server.url,
    entries,
    ({ kind, action, code }) => kind === 'refuse' && action === 'view' && code === 'not_own',
  );
  expect(tracesOf(server, [ann, bo, hers, his])).toEqual([]);
}, 60_000);

it('haier-15b: the notice shows the postal address with all its parts, and a letter that staff enter is in the same queue, as post', async () => {
  const notice = wordsOf((await new Client(server.url).get('/policy', { bare: true })).text);
  expect(notice).toContain('Headquarter, No 1 Haier Group Road, Qingdao, Shandong province, China');

  const web = await concern('By the web, at the same time.');
  const letter = '尊敬的海尔集团：\n我写信反映贵网站的隐私声明……\n此致 敬礼 张伟';
  const form = formsOf((await operator.get('/desk')).text).find(({ action }) => action === '/desk/messages')!;
  expect(form.fields.map(({ name }) => name)).toEqual(['service', 'channel', 'feedback_content']);
  const entered = await operator.form('/desk/messages', {
    service: 'concern',
    channel: 'post',
    feedback_content: letter,
  });
  expect(entered.status).toBe(201);
  const reference = /<strong id="reference"><code>([^<]+)</.exec(entered.text)![1]!;
  const cases = await queue();
  expect(cases.find((each) => reference.startsWith(each.reference))).toMatchObject({
    channel: 'post',
    mailbox: 'Webmaster',
    state: 'received',
  });
  expect(cases.find((each) => web.startsWith(each.reference))).toMatchObject({ channel: 'web', mailbox: 'Webmaster' });
  expect(wordsOf((await operator.get('/desk')).text)).toMatch(/Webmaster · post ·/);
  expect((await follow(reference)).json.own).toMatchObject([{ value: letter }]);

  const before = await holdings(server);
  const refusals: [status: number, body: Record<string, string>][] = [
    [422, { service: 'concern', channel: 'mail', feedback_content: letter }],
    [422, { service: 'concern', channel: 'web', feedback_content: letter }],
    [422, { service: 'concern', channel: 'post' }],
    [403, { service: 'concern', channel: 'post', feedback_content: letter, sender_name: '张伟' }],
    [403, { service: 'concern', channel: 'post', feedback_content: letter, email_address: 'zhang@example.cn' }],
  ];
  for (const [status, body] of refusals)
    expect((await operator.api('POST', '/api/desk/messages', body)).status).toBe(status);
  const stranger = new Client(server.url);
  expect(
    (
      await stranger.api('POST', '/api/desk/messages', {
        service: 'concern',
        channel: 'post',
        feedback_content: letter,
      })
    ).status,
  ).toBe(401);
  expect(
    (await stranger.form('/desk/messages', { service: 'concern', channel: 'post', feedback_content: letter })).status,
  ).toBe(303);
  expect(await holdings(server)).toEqual(before);
});
