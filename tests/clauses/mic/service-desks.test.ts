import { afterAll, beforeAll, expect, it } from 'vitest';
import { Client } from '../../harness/client.ts';
import { startServer, troth, type Server } from '../../harness/server.ts';
import { wordsOf } from '../support/pages.ts';

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.end());

it('mic-38a: the notice states that what is disclosed in public areas becomes public, and marks it as a statement', async () => {
  const { text } = await new Client(server.url).get('/policy');
  const clause = /<div class="clause" id="mic-38a">([\s\S]*?)<\/div>/.exec(text)![1]!;
  expect(wordsOf(clause)).toMatch(/public information/i);
  expect(clause).toContain('data-state="statement"');
});

it('mic-38a: by the policy a post may be read by everybody, and the same value in the profile by nobody outside', () => {
  const ask = (request: object): { permit: boolean; clauses: string[] } => {
    const { stdout } = troth(['decide', 'policies/made-in-china/policy.md'], `${JSON.stringify(request)}\n`);
    return JSON.parse(stdout) as { permit: boolean; clauses: string[] };
  };
  const post = {
    action: 'publish',
    actor: { kind: 'person' },
    data: ['trade_posting'],
    recipient: 'public',
    service: 'trade',
    facts: { acknowledged: true, given: ['trade_posting'] },
  };
  expect(ask(post)).toMatchObject({ permit: true, clauses: expect.arrayContaining(['mic-37']) });
  expect(ask({ ...post, data: ['company_phone'] })).toMatchObject({ permit: false });
  const read = { action: 'use', actor: { kind: 'public' }, data: ['company_phone'], purpose: 'public_posting' };
  expect(ask(read)).toMatchObject({ permit: false });
});
