import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../harness/client.ts';
import { newMember, newOperator, PASSWORD, registration, type Member } from '../harness/people.ts';
import { raw } from '../harness/raw.ts';
import { startServer, type Server } from '../harness/server.ts';

let server: Server;
let member: Member;
beforeAll(async () => {
  server = await startServer();
  member = await newMember(server);
});
afterAll(() => server.end());

const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';

/** Posts bytes as they are, as a page of the house would. */
function post(path: string, body: string | Buffer, type = JSON_TYPE, headers: Record<string, string> = {}) {
  const cookie = [...member.client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const length = String(Buffer.byteLength(body));
  const all = { 'content-type': type, origin: server.url, cookie, 'content-length': length, ...headers };
  return raw(server.url, { method: 'POST', path, body, headers: all });
}

describe('what is too large', () => {
  it('is refused by what it says of itself, and by what it is', async () => {
    // A little over the limit, so that the answer is not lost while a client still sends the rest.
    const large = JSON.stringify({ feedback_content: 'x'.repeat(1_000_000) });
    const head = { 'content-type': JSON_TYPE, origin: server.url };
    for (const path of ['/api/services/question', '/api/session', '/services/question', '/me/edit', '/nowhere']) {
      const stated = { ...head, 'content-length': String(large.length) };
      const early = await raw(server.url, { method: 'POST', path, headers: stated, headOnly: true });
      expect([early.status, JSON.parse(early.text).code], path).toEqual([413, 'body-too-large']);
      const headers = { ...head, 'transfer-encoding': 'chunked' };
      const chunked = await raw(server.url, { method: 'POST', path, body: large, headers });
      expect(chunked.status, path).toBe(413);
    }
  });

  it('in one field is refused by the field', async () => {
    const values = { email_address: 'q@example.org', feedback_content: 'x'.repeat(8_001), acknowledged: true };
    const { status, json } = await new Client(server.url).api('POST', '/api/services/question', values);
    expect([status, json.code]).toEqual([422, 'wrong-format']);
    expect(JSON.stringify(json)).toContain('feedback_content');
    const whole = { ...values, feedback_content: 'x'.repeat(8_000) };
    expect((await new Client(server.url).api('POST', '/api/services/question', whole)).status).toBe(201);
  });

  it('in number is refused too, and not for long', async () => {
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`made_up_field_${i}`, 'x']));
    const began = Date.now();
    const answer = await new Client(server.url).api('POST', '/api/services/registration', {
      ...registration(),
      ...many,
    });
    expect([answer.status, answer.json.code]).toEqual([400, 'bad-body']);
    const form = await post('/services/registration', new URLSearchParams(many).toString(), FORM);
    expect(form.status).toBe(422);
    // Who sends much gets little back.
    for (const { text } of [answer, form]) expect(text.length).toBeLessThan(20_000);
    expect(Date.now() - began).toBeLessThan(10_000);
    expect((await new Client(server.url).get('/healthz')).status).toBe(200);
  });

  it('in its headers or its address is refused by the listener', async () => {
    expect((await raw(server.url, { path: '/', headers: { 'x-long': 'x'.repeat(20_000) } })).status).toBe(431);
    expect([414, 431]).toContain((await raw(server.url, { path: `/${'x'.repeat(20_000)}` })).status);
  });
});

describe('what cannot be read', () => {
  it.each<[string, string | Buffer]>([
    ['no JSON', '{'],
    ['nothing', ''],
    ['an array', '[1]'],
    ['null', 'null'],
    ['a text', '"name"'],
    ['a number', '7'],
    ['a nested object', '{"name":{"$gt":""}}'],
    ['a nested array', '{"name":["a","b"]}'],
    ['a null in it', '{"name":null}'],
    ['a nest of a hundred thousand', `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['an open nest', '{"a":'.repeat(50_000)],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d])],
    ['a byte order mark alone', Buffer.from([0xef, 0xbb, 0xbf])],
  ])('%s is refused as such, wherever JSON is taken', async (_what, body) => {
    for (const path of [
      '/api/services/registration',
      '/api/services/question',
      '/api/session',
      '/api/follow',
      '/api/me/choices',
    ]) {
      const { status, text, headers } = await post(path, body);
      expect([status, path], text).toEqual([400, path]);
      expect(headers['content-type']).toContain('application/problem+json');
      expect(JSON.parse(text).code).toBe('bad-body');
    }
  });

  it('another type, or none, is refused as such', async () => {
    for (const type of [
      'text/plain',
      'text/html',
      'application/xml',
      'multipart/form-data; boundary=x',
      'application/json-seq',
      '',
    ]) {
      const api = await post('/api/services/question', '{}', type);
      expect([api.status, JSON.parse(api.text).code], type).toEqual([400, 'bad-body']);
      expect([400, 422], type).toContain((await post('/services/question', 'a=b', type)).status);
      expect([400, 422], type).toContain((await post('/me/edit', 'a=b', type)).status);
    }
  });

  it('a field that comes twice is refused rather than guessed at', async () => {
    const body = 'email_address=a%40example.org&email_address=b%40example.org&feedback_content=x&acknowledged=yes';
    const form = await post('/services/question', body, FORM);
    expect(form.status).toBe(422);
    expect(form.text).toContain('one came twice');
    for (const path of ['/sign-in', '/follow', '/me/choices', '/forgot', '/prove']) {
      expect(
        (await post(path, 'id=a&id=b&reference=a&reference=b&choice=a&choice=b&token=a&token=b', FORM)).status,
        path,
      ).toBe(400);
    }
  });

  it('names that are words of the machine are names that nobody declared', async () => {
    for (const name of [
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'hasOwnProperty',
      '',
      ' ',
      'name ',
      'NAME',
      'name[]',
      'name.x',
      '\u0000',
      'purposes',
      'entry_id',
    ]) {
      const body = JSON.stringify(registration()).replace(/\}$/, `,${JSON.stringify(name)}:"x"}`);
      const api = await post('/api/services/registration', body);
      const expected = name === '__proto__' ? [400, 'bad-body'] : [403, 'undeclared_data'];
      expect([api.status, JSON.parse(api.text).code], name).toEqual(expected);
    }
    for (const name of ['__proto__', 'entry_id']) {
      const edit = await member.client.form('/me/edit', { [name]: 'x', current_password: PASSWORD });
      expect(edit.status, name).toBe(422);
    }
    // Nor are there services, choices, or pages of such names.
    for (const name of ['__proto__', 'constructor', 'toString', '%00', '..%2f..%2fetc%2fpasswd', '%ff']) {
      for (const path of [
        `/services/${name}`,
        `/api/services/${name}`,
        `/policy/versions/${name}`,
        `/policy/changes?from=${name}`,
        `/ledger/${name}`,
        `/ledger/tile/${name}`,
      ]) {
        expect([400, 404], path).toContain((await raw(server.url, { path })).status);
      }
      expect((await post('/api/me/choices', JSON.stringify({ choice: name, answer: true }))).status, name).toBe(422);
    }
  });

  it('control characters and half characters are not kept', async () => {
    for (const bad of ['a\u0000b', 'a\u001bb', 'a\u202eb', 'a\nb', 'a\ud800b']) {
      const { status, text } = await new Client(server.url).api(
        'POST',
        '/api/services/registration',
        registration({ company_name: bad }),
      );
      expect([status, JSON.stringify(bad)], text).toEqual([422, JSON.stringify(bad)]);
    }
  });

  it('and none of it made the server fail', () => {
    expect(server.output()).not.toMatch(/request-failed|internal|Error|^\s+at /m);
  });
});

/** Values that would be something else where they are not told apart from what surrounds them. */
const HTML = `"'><script>alert(1)</script><img src=x onerror=alert(2)>&lt;`;
const SQL = `x'); drop table records; --`;
const TEMPLATE = '${7*7}{{7*7}}<%= 7*7 %>%s%n';

/** A registration with a value in every field that takes words, in the form that the field asks for. */
function filledWith(words: string): Record<string, unknown> {
  const filled = registration({
    name: words,
    company_name: words,
    company_location: words,
    company_description: words,
  });
  return {
    ...filled,
    company_type: words,
    company_turnover: words.slice(0, 60),
    company_web_address: `example.com/${words.replaceAll(/[\s@]/g, '_')}`,
  };
}

describe.each([HTML, SQL, TEMPLATE])('the value %s in every field', (words) => {
  it('is kept and shown as what it is, and is nothing else', async () => {
    const overrides = filledWith(words);
    const hostile = await newMember(server, overrides);
    const { json } = await hostile.client.get('/api/me');
    const held = Object.fromEntries(
      json.held.map((each: { field: string; value: string }) => [each.field, each.value]),
    );
    for (const field of ['name', 'company_name', 'company_location', 'company_description', 'company_type'])
      expect(held[field]).toBe(words);
    for (const path of ['/me', '/me/edit']) {
      const { status, text } = await hostile.client.get(path);
      expect(status).toBe(200);
      expect(text).not.toMatch(/<script|<img|onerror=alert\(2\)>/i);
      expect(text).toContain(escaped(words));
    }
    const officer = await newOperator(server);
    const asked = {
      identifier: hostile.email,
      'data:name': 'yes',
      purpose: 'legal_compliance',
      reference: words,
      reason: words,
    };
    const page = await officer.form('/desk/read', asked);
    expect(page.status).toBe(200);
    expect(page.text).toContain(escaped(words));
    expect(page.text).not.toMatch(/<script|<img/i);
    const me = await hostile.client.get('/me');
    expect(me.text).not.toMatch(/<script|<img/i);
    const readings = (await hostile.client.get('/api/me')).json.readings;
    expect(readings.find(({ actor }: { actor: string }) => actor === 'staff').reason).toBe(words);
  });

  it('comes back escaped from every page that repeats what was sent', async () => {
    const client = new Client(server.url);
    const forms: [string, Record<string, string>][] = [
      ['/services/registration', Object.fromEntries(Object.keys(registration()).map((name) => [name, words]))],
      ['/services/question', { email_address: words, feedback_content: words, [words]: words }],
      ['/sign-in', { id: words, password: words }],
      ['/follow', { reference: words }],
      ['/prove', { token: words }],
      ['/set-password', { token: words, password: 'x' }],
      ['/forgot', { id: words }],
    ];
    for (const [path, fields] of forms) {
      const { status, text } = await client.form(path, fields);
      expect(status, path).toBeLessThan(500);
      expect(text, path).not.toMatch(/<script|<img/i);
    }
    const word = encodeURIComponent(words);
    for (const path of [
      `/?lang=${word}`,
      `/policy?lang=${word}`,
      `/policy/changes?from=${word}`,
      `/policy/versions/${word}`,
      `/policy?q=${word}`,
      `/policy?search=${word}`,
      `/services/${word}`,
      `/prove?token=${word}`,
      `/set-password?token=${word}`,
      `/${word}`,
      `/ledger/${word}`,
    ]) {
      const { status, text } = await client.get(path, {
        headers: { cookie: `seen_version=${word}; language=${word}`, 'accept-language': word },
      });
      expect(status, path).toBeLessThan(500);
      expect(text, path).not.toMatch(/<script|<img/i);
    }
  });

  it('and the house stands as before', async () => {
    expect((await member.client.get('/api/me')).json.held).toHaveLength(11);
    const { stdout } = server.troth('ledger', 'verify');
    expect(stdout).toContain('it holds');
    expect(server.output()).not.toContain(words);
  });
});

/** As HTML shows a text. */
function escaped(words: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return words.replaceAll(/[&<>"']/g, (sign) => names[sign]!);
}
