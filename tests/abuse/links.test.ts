import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../harness/client.ts';
import { linkToken, mailsTo, newMember, PASSWORD, registration } from '../harness/people.ts';
import { eventually, startServer, type Server } from '../harness/server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.end());

describe('a link from a mail', () => {
  it('works once, for its own purpose, and not beside a newer one', async () => {
    const owner = await newMember(server);
    const client = new Client(server.url);
    const ask = async (): Promise<string> => {
      const before = (await mailsTo(server, owner.email)).length;
      await client.form('/forgot', { id: owner.email });
      await eventually(async () => ((await mailsTo(server, owner.email)).length > before ? true : undefined));
      return linkToken(server, owner.email, '/set-password');
    };
    const [older, newer] = [await ask(), await ask()];
    expect(newer).not.toBe(older);
    // A reset proves no address, and the look at its page does not use it up.
    expect((await client.form('/prove', { token: newer, password: PASSWORD })).status).toBe(403);
    expect((await client.get(`/set-password?token=${newer}`)).status).toBe(200);
    const set = (token: string, password = 'my new password 7') => client.form('/set-password', { token, password });
    expect((await set(newer, 'short')).status).toBe(422);
    expect((await set(newer)).status).toBe(303);
    expect((await set(newer)).status).toBe(422);
    expect((await set(older)).status).toBe(422);
    // Whoever was signed in is out; the old password is no more.
    expect((await owner.client.get('/api/me')).status).toBe(401);
    expect((await client.api('POST', '/api/session', { id: owner.email, password: PASSWORD })).status).toBe(403);
    expect((await client.api('POST', '/api/session', { id: owner.email, password: 'my new password 7' })).status).toBe(
      200,
    );
  });

  it('a link that proves an address sets no password', async () => {
    const values = registration();
    const client = new Client(server.url);
    await client.api('POST', '/api/services/registration', values);
    const token = await linkToken(server, String(values['email_address']), '/prove');
    expect((await client.form('/set-password', { token, password: 'my new password 7' })).status).toBe(422);
    expect((await client.form('/prove', { token, password: PASSWORD })).status).toBe(200);
  });

  it('a new password makes a link that waits void', async () => {
    const owner = await newMember(server);
    await owner.client.form('/forgot', { id: owner.email });
    const token = await linkToken(server, owner.email, '/set-password');
    const changed = await owner.client.form('/me/password', {
      current_password: PASSWORD,
      password: 'chosen anew 12345',
    });
    expect(changed.status).toBe(303);
    expect((await owner.client.form('/set-password', { token, password: 'my new password 7' })).status).toBe(422);
  });

  it('comes a few times an hour and no more, however often somebody types the address', async () => {
    const owner = await newMember(server);
    const stranger = new Client(server.url);
    for (let i = 0; i < 9; i += 1) expect((await stranger.form('/forgot', { id: owner.email })).status).toBe(200);
    const resets = async () =>
      (await mailsTo(server, owner.email)).filter(({ text }) => text.includes('/set-password'));
    await eventually(async () => ((await resets()).length === 5 ? true : undefined));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await resets()).toHaveLength(5);
  });

  it.each(['', 'x', 'A'.repeat(43), "' or 1=1 --", '%00', '../../etc/passwd'])('%j is none', async (token) => {
    const client = new Client(server.url);
    expect((await client.form('/prove', { token, password: PASSWORD })).status).toBe(403);
    expect((await client.form('/set-password', { token, password: 'my new password 7' })).status).toBe(422);
  });
});
