import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client, type Answer } from '../harness/client.ts';
import { linkToken, mailsTo, newMember, PASSWORD, registration, type Member } from '../harness/people.ts';
import { eventually, startServer, type Server } from '../harness/server.ts';

let server: Server;
let member: Member;
let victim: Member;
beforeAll(async () => {
  server = await startServer();
  [member, victim] = [await newMember(server), await newMember(server)];
});
afterAll(() => server.end());

/** What a stranger can compare: everything of an answer but the moment that it was given. */
function told({ status, headers, text }: Answer): unknown {
  return [status, [...headers].filter(([name]) => name !== 'date'), text];
}

const asForm = (values: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value === true ? 'yes' : String(value)]));

describe('who is a member is nobody else’s to learn', () => {
  it('a registration answers the same for a known address, a waiting one and a new one', async () => {
    const free = registration();
    for (const send of [
      (values: Record<string, unknown>) => new Client(server.url).api('POST', '/api/services/registration', values),
      (values: Record<string, unknown>) => new Client(server.url).form('/services/registration', asForm(values)),
    ]) {
      const fresh = told(await send({ ...free }));
      const waiting = told(await send({ ...free }));
      const known = told(await send(registration({ email_address: victim.email })));
      const shouted = told(await send(registration({ email_address: victim.email.toUpperCase() })));
      expect(waiting).toEqual(fresh);
      expect(known).toEqual(fresh);
      expect(shouted).toEqual(fresh);
    }
    // The owner is told, and nothing of theirs changed.
    const mails = await eventually(async () => {
      const list = (await mailsTo(server, victim.email)).filter(({ subject }) => subject.includes('member already'));
      return list.length > 0 ? list : undefined;
    });
    expect(mails[0]!.text).toContain('nothing has changed');
    const { json } = await victim.client.get('/api/me');
    expect(json.held.find(({ field }: { field: string }) => field === 'name').value).toBe(victim.values['name']);
  });

  it('nor does a sign-in, a forgotten password, or a change of address tell', async () => {
    const signIn = (id: string) =>
      new Client(server.url).api('POST', '/api/session', { id, password: 'wrong password 1' });
    expect(told(await signIn('nobody@example.org'))).toEqual(told(await signIn(member.email)));
    const page = (id: string) => new Client(server.url).form('/sign-in', { id, password: 'wrong password 1' });
    expect(told(await page('nobody2@example.org'))).toEqual(told(await page(member.email)));
    const staff = (id: string) => new Client(server.url).api('POST', '/api/staff/session', { id, password: PASSWORD });
    expect(told(await staff('nobody@example.org'))).toEqual(told(await staff(member.email)));
    const forgot = (id: string) => new Client(server.url).form('/forgot', { id });
    expect(told(await forgot('nobody@example.org'))).toEqual(told(await forgot(member.email)));
    const mover = await newMember(server);
    const move = (email_address: string) =>
      mover.client.api('PATCH', '/api/me', { email_address, current_password: PASSWORD });
    expect(told(await move(`free.${mover.email}`))).toEqual(told(await move(victim.email)));
    expect((await victim.client.get('/api/me')).status).toBe(200);
    expect(
      (await new Client(server.url).api('POST', '/api/session', { id: victim.email, password: PASSWORD })).status,
    ).toBe(200);
  });

  it('of many at once who register one address, one member is made and the ledger holds', async () => {
    const values = Array.from({ length: 6 }, () =>
      registration({ email_address: `contested${process.pid}@example.org` }),
    );
    const answers = await Promise.all(
      values.map((each) => new Client(server.url).api('POST', '/api/services/registration', each)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    const email = String(values[0]!['email_address']);
    const client = new Client(server.url);
    // Of the letters that went out, the one to the registration that stands proves the address.
    await eventually(async () => {
      await client.form('/prove', {
        token: await linkToken(server, email, '/prove'),
        password: PASSWORD,
      });
      return (await client.api('POST', '/api/session', { id: email, password: PASSWORD })).status === 200
        ? true
        : undefined;
    });
    const { json } = await client.get('/api/me');
    const name = json.held.find(({ field }: { field: string }) => field === 'name').value;
    expect(values.map((each) => each['name'])).toContain(name);
    expect(server.troth('ledger', 'verify').stdout).toContain('it holds');
  });
});

describe('another’s data', () => {
  it('is not had by naming them', async () => {
    const { client } = member;
    for (const path of [`/api/me?person=${victim.id}`, `/api/me?person_id=${victim.id}`, `/me?id=${victim.id}`]) {
      const { status, text } = await client.get(path);
      expect(status).toBe(200);
      expect(text).not.toContain(victim.email);
    }
    for (const path of [
      `/api/me/${victim.id}`,
      `/me/${victim.id}`,
      `/api/people/${victim.id}`,
      `/api/desk/${victim.id}`,
    ]) {
      expect([401, 404]).toContain((await client.get(path)).status);
    }
    for (const name of ['person', 'person_id', 'id', 'record_id', 'case_id', 'identifier']) {
      const edit = { [name]: victim.id, company_name: 'Taken over', current_password: PASSWORD };
      const refused = await client.api('PATCH', '/api/me', edit);
      expect([refused.status, refused.json.code], name).toEqual([403, 'undeclared_data']);
    }
    const { json } = await victim.client.get('/api/me');
    expect(json.held.find(({ field }: { field: string }) => field === 'company_name').value).toBe(
      victim.values['company_name'],
    );
    const mine = await client.get('/api/me');
    expect(mine.json.held.find(({ field }: { field: string }) => field === 'company_name').value).toBe(
      member.values['company_name'],
    );
  });

  it('is not had by a made-up session', async () => {
    const real = [...victim.client.cookies][0]![1];
    const last = real.endsWith('A') ? 'B' : 'A';
    for (const token of [
      victim.id,
      '',
      'A'.repeat(43),
      `${real.slice(0, -1)}${last}`,
      `${real}A`,
      real.toLowerCase(),
      `${real};${real}`.slice(0, 20),
    ]) {
      const client = new Client(server.url);
      client.cookies.set('session', token);
      expect((await client.get('/api/me')).status, token.slice(0, 3)).toBe(401);
    }
  });

  it('a message opens for its reference alone, and a reference for its message alone', async () => {
    const client = new Client(server.url);
    const send = (feedback_content: string) =>
      client.api('POST', '/api/services/question', {
        email_address: 'q@example.org',
        feedback_content,
        acknowledged: true,
      });
    const [one, other] = [(await send('one')).json.reference as string, (await send('other')).json.reference as string];
    expect(one).not.toBe(other);
    const tries = [
      one.slice(0, -1),
      `${one.slice(0, -4)}${other.slice(-4)}`,
      '%',
      '*',
      "' or 1=1 --",
      one.replace('TR', 'XX'),
      victim.id,
    ];
    for (const reference of tries) {
      expect((await client.api('POST', '/api/follow', { reference })).status, reference).toBe(404);
      expect((await client.form('/follow', { reference })).status).toBe(404);
    }
  });
});
