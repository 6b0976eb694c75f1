import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from '../../harness/client.ts';
import { mailsTo, registration } from '../../harness/people.ts';
import { eventually, startServer, type Server } from '../../harness/server.ts';
import { crawl, formsOf, wordsOf } from '../support/pages.ts';
import { holdings, rowsOf } from '../support/store.ts';
import { tracesOf } from '../support/traces.ts';

const COMPANY = [
  'company_name',
  'company_location',
  'company_phone',
  'company_fax',
  'company_web_address',
  'company_description',
  'company_type',
  'company_turnover',
  'company_employee_count',
];

let server: Server;
let client: Client;
beforeAll(async () => {
  server = await startServer();
  client = new Client(server.url);
});
afterAll(() => server.end());

const register = (values: Record<string, unknown>): ReturnType<Client['api']> =>
  client.api('POST', '/api/services/registration', values);

it('mic-05: browsing and searching leave no record of anybody; registering makes exactly one', async () => {
  const before = await holdings(server);
  const pages = await crawl(server.url, [
    '/policy',
    '/policy/history',
    '/ledger',
    '/follow',
    '/?q=tools',
    '/policy/search?q=e-mail',
    '/policy/search?q=%E5%B7%A5%E5%85%B7',
  ]);
  expect([...pages.values()].filter(({ status }) => status === 200).length).toBeGreaterThan(10);
  expect(wordsOf(pages.get('/policy/search?q=e-mail')!.text)).toMatch(/[1-9]\d* clauses/);
  expect(await holdings(server)).toEqual(before);

  const values = registration();
  expect((await register(values)).status).toBe(201);
  const after = await holdings(server);
  expect(after['people']).toBe(before['people']! + 1);
  // Eleven fields are records; the password is none.
  expect(after['records']).toBe(before['records']! + 11);
});

it('mic-05: no form takes anything beside those that the policy declares', async () => {
  const pages = await crawl(server.url, ['/forgot', '/staff/sign-in']);
  const services = (await client.get('/api/services')).json as { service: string; fields: { data: string }[] }[];
  const declared = new Map(
    services.map(({ service, fields }) => [`/services/${service}`, fields.map(({ data }) => data)]),
  );
  const own = new Set([
    '/sign-in',
    '/staff/sign-in',
    '/sign-out',
    '/forgot',
    '/prove',
    '/set-password',
    '/follow',
    '/policy/seen',
    '/me/edit',
    '/me/password',
    '/me/choices',
    '/policy/search',
  ]);
  let seen = 0;
  for (const [path, page] of pages) {
    for (const form of formsOf(page.text)) {
      const fields = declared.get(form.action);
      if (fields === undefined) {
        expect(own.has(form.action), `${path}: ${form.action}`).toBe(true);
        continue;
      }
      seen += 1;
      const asked = form.fields.filter(({ name, type }) => type !== 'checkbox' && name !== '').map(({ name }) => name);
      expect(asked.toSorted(), path).toEqual(fields.toSorted());
    }
  }
  expect(seen).toBeGreaterThan(1);
});

it.each(['name', 'email_address'])(
  'mic-11: without %s a registration is refused, the field is named, and nothing is kept',
  async (field) => {
    const { [field]: left, ...values } = registration();
    const before = await holdings(server);
    for (const sent of [values, { ...values, [field]: '' }, { ...values, [field]: '   ' }]) {
      const answer = await register(sent);
      expect(answer.status).toBe(403);
      expect(answer.json.findings).toEqual([
        expect.objectContaining({ code: 'missing_field', data: field, clause: 'mic-11' }),
      ]);
    }
    expect(await holdings(server)).toEqual(before);
    expect(tracesOf(server, [String(left), String(values['company_name'])])).toEqual([]);
  },
);

it('mic-11: a field that stands nowhere in the policy is refused by name and is not stored', async () => {
  const secret = '1980-02-31-Marker';
  for (const name of ['birthday', 'shoe_size', '生日', 'constructor', '__proto__x', 'company_name2']) {
    const answer = await register({ ...registration(), [name]: secret });
    expect(answer.status, name).toBe(403);
    expect(answer.json.findings).toContainEqual(expect.objectContaining({ data: name }));
    expect(answer.json.clauses).toContain('mic-11');
    expect(answer.text).not.toContain(secret);
  }
  expect(tracesOf(server, [secret])).toEqual([]);
  const fields = await rowsOf<{ field: string }>(server, 'select distinct field from records');
  expect(
    fields.map(({ field }) => field).filter((field) => !['name', 'email_address', ...COMPANY].includes(field)),
  ).toEqual([]);
});

it('mic-11: the name and the address that were given are those that are held', async () => {
  const values = registration({ name: '王小明 Ångström-O’Neill', email_address: 'Wang.Xiaoming+Trade@Example.org' });
  expect((await register(values)).status).toBe(201);
  const mail = await eventually(async () => (await mailsTo(server, 'Wang.Xiaoming+Trade@Example.org'))[0]);
  expect(mail.text).toContain('/prove?token=');
});

it.each(COMPANY)('mic-12: without %s a registration is refused and the field is named', async (field) => {
  const { [field]: _left, ...values } = registration();
  for (const sent of [values, { ...values, [field]: '' }]) {
    const answer = await register(sent);
    expect(answer.status).toBe(403);
    expect(answer.json.findings).toEqual([
      expect.objectContaining({ code: 'missing_field', data: field, clause: 'mic-12' }),
    ]);
  }
});

it('mic-12: several missing fields are all named at once, also on the page', async () => {
  const answer = await register({
    acknowledged: true,
    name: 'Nobody',
    email_address: 'nobody@example.org',
    password: 'long enough for all',
  });
  const named = (answer.json.findings as { data: string }[]).map(({ data }) => data);
  expect(named.toSorted()).toEqual(COMPANY.toSorted());
  const page = await client.form('/services/registration', { name: 'Nobody' });
  expect(page.status).toBe(422);
  // Every company field, the address, the password, and the acknowledgement: each has its own complaint.
  expect(page.text.match(/class="error"/g)).toHaveLength(COMPANY.length + 3);
});

it('mic-12: complete, a registration is taken; fax and web address may be "none" in words, other fields not', async () => {
  expect((await register(registration({ company_fax: 'none', company_web_address: '无' }))).status).toBe(201);
  expect((await register(registration({ company_fax: '+86 532 1234 5678' }))).status).toBe(201);
  const answer = await register(registration({ company_phone: 'none' }));
  expect(answer.status).toBe(403);
  expect(answer.json.findings).toEqual([expect.objectContaining({ code: 'none_not_accepted', data: 'company_phone' })]);
});
