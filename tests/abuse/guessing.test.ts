import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from '../harness/client.ts';
import { newMember, PASSWORD } from '../harness/people.ts';
import { startServer, type Server } from '../harness/server.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.end());

describe('guessing is slow', () => {
  it.each(['/api/session', '/staff/sign-in'])(
    'at %s the sixth try waits, whether the ID is anybody’s or not, and says how long',
    async (path) => {
      const mark = path.replaceAll('/', '.');
      const known = path.includes('staff') ? `officer${mark}@example.org` : (await newMember(server)).email;
      if (path.includes('staff')) {
        server.troth('people', 'add-operator', '--email', known);
      }
      for (const id of [known, `nobody${mark}@example.org`]) {
        const client = new Client(server.url);
        const attempt = (password: string) =>
          path.startsWith('/api') ? client.api('POST', path, { id, password }) : client.form(path, { id, password });
        for (let i = 0; i < 5; i += 1) expect((await attempt(`guess number ${i}`)).status).toBe(403);
        const sixth = await attempt(PASSWORD);
        expect(sixth.status).toBe(429);
        expect(Number(sixth.headers.get('retry-after'))).toBeGreaterThan(800);
        expect(Number(sixth.headers.get('retry-after'))).toBeLessThanOrEqual(900);
        // Spelling it otherwise is the same ID.
        for (const spelling of [
          ` ${id}`,
          `  ${id.toUpperCase()} `,
          id.replace('@', '\uff20'),
          id.replace('.org', '\uff0eorg'),
        ]) {
          const spelled = path.startsWith('/api')
            ? await client.api('POST', path, { id: spelling, password: PASSWORD })
            : await client.form(path, { id: spelling, password: PASSWORD });
          expect(spelled.status, spelling).toBe(429);
        }
      }
    },
  );

  it('many guesses at once are no way around it', async () => {
    const [target, bystander] = [await newMember(server), await newMember(server)];
    const guesses = Array.from({ length: 24 }, (_, i) =>
      new Client(server.url).api('POST', '/api/session', { id: target.email, password: `guess number ${i}` }),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 403).length).toBeLessThanOrEqual(5);
    expect(statuses.filter((status) => status === 200)).toEqual([]);
    expect(
      (await new Client(server.url).api('POST', '/api/session', { id: target.email, password: PASSWORD })).status,
    ).toBe(429);
    // Whoever is in stays in, and others come in as before.
    expect((await target.client.get('/api/me')).status).toBe(200);
    expect(
      (await new Client(server.url).api('POST', '/api/session', { id: bystander.email, password: PASSWORD })).status,
    ).toBe(200);
  });

  it('a stolen session cannot guess the password for an edit', async () => {
    const { client } = await newMember(server);
    const edit = (current_password: string) =>
      client.api('PATCH', '/api/me', { company_name: 'Stolen', current_password });
    const statuses = (await Promise.all(Array.from({ length: 10 }, (_, i) => edit(`guess number ${i}`)))).map(
      ({ status }) => status,
    );
    expect(statuses.filter((status) => status === 403).length).toBeLessThanOrEqual(5);
    const late = await edit(PASSWORD);
    expect(late.status).toBe(429);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
    const page = await client.form('/me/password', { current_password: PASSWORD, password: 'another password 1' });
    expect(page.status).toBe(429);
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
