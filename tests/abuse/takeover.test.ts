import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from '../harness/client.ts';
import { linkToken, mailsTo, newMember, PASSWORD, registration } from '../harness/people.ts';
import { startServer, troth, type Server } from '../harness/server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.end());

const signIn = async (id: string, password: string): Promise<number> =>
  (await new Client(server.url).api('POST', '/api/session', { id, password })).status;

it('another spelling of a domain is another address, or none: neither for guessing nor for squatting', async () => {
  const victim = await newMember(server);
  for (const tail of ['/0', '#evil.example', '?x', '%2e', '\\x', ':80']) {
    expect(await signIn(`${victim.email}${tail}`, PASSWORD), tail).toBe(403);
    const squat = await new Client(server.url).api(
      'POST',
      '/api/services/registration',
      registration({ email_address: `new@gmail.example${tail}` }),
    );
    expect(squat.status, tail).toBe(422);
  }
  const erased = troth(['people', 'erase', '--email', `${victim.email}/x`, '--yes', '--data', server.data]);
  expect(erased.status).not.toBe(0);
  expect(await signIn(victim.email, PASSWORD)).toBe(200);
});

it('an owner who presses the proof of somebody else’s registration does not make that password good', async () => {
  const email = 'bob.owner@example.org';
  const own = registration({ email_address: email });
  const theirs = registration({ email_address: email, password: 'the password of mallory' });
  const client = new Client(server.url);
  expect((await client.api('POST', '/api/services/registration', own)).status).toBe(201);
  await linkToken(server, email, '/prove');
  expect((await client.api('POST', '/api/services/registration', theirs)).status).toBe(201);
  const count = (await mailsTo(server, email)).length;
  expect(count).toBeGreaterThan(0);
  const token = await linkToken(server, email, '/prove');
  expect((await client.form('/prove', { token, password: PASSWORD })).status).toBe(403);
  expect(await signIn(email, 'the password of mallory')).toBe(403);
});

it('a stranger at a mistyped new address gets neither the account nor its reset', async () => {
  const member = await newMember(server);
  const typo = `typo.${member.email}`;
  expect(
    (await member.client.api('PATCH', '/api/me', { email_address: typo, current_password: PASSWORD })).status,
  ).toBe(200);
  const token = await linkToken(server, typo, '/prove');
  const stranger = new Client(server.url);
  expect((await stranger.form('/prove', { token, password: 'a guess of a password' })).status).toBe(403);
  await stranger.form('/forgot', { id: member.email });
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  expect((await mailsTo(server, typo)).filter(({ text }) => text.includes('/set-password'))).toEqual([]);
  expect(await signIn(member.email, PASSWORD)).toBe(200);
});

it('many looks of one’s own do not crowd out the looks of others', async () => {
  const member = await newMember(server);
  for (let i = 0; i < 30; i += 1) await member.client.get('/api/me');
  const readings = (await member.client.get('/api/me')).json.readings as { actor: string; action: string }[];
  expect(readings.filter(({ action }) => action === 'view').length).toBeLessThanOrEqual(5);
  expect(readings).toContainEqual(expect.objectContaining({ actor: 'function:email_verification' }));
});
