import { afterAll, describe, expect, it } from 'vitest';
import { Client } from '../../harness/client.ts';
import { mailsTo, newMember, newOperator, registration } from '../../harness/people.ts';
import { startServer, type Server } from '../../harness/server.ts';
import { changedPolicy } from '../support/policies.ts';
import { ledgerEntry, ledgerOf } from '../support/store.ts';

const servers: Server[] = [];
afterAll(async () => {
  for (const server of servers) await server.end();
});

async function serve(policy?: string): Promise<Server> {
  const server = await startServer(policy === undefined ? {} : { policy });
  servers.push(server);
  return server;
}

/** A policy that neither declares nor lists the function that sends the link which proves an address. */
const undeclared = changedPolicy(
  'made-in-china',
  ['  email_verification:\n    label: {en: proving your e-mail address, zh: 验证电子邮件地址}\n', ''],
  ['functions: [email_verification, password_reset, sign_in,', 'functions: [password_reset, sign_in,'],
);

describe('the site’s own functions', () => {
  it('mic-14: a function that reads a profile is in the use log with its name and the purpose site_operation', async () => {
    const server = await serve();
    const member = await newMember(server);
    const readings = (await member.client.get('/api/me')).json.readings as Record<string, unknown>[];
    expect(readings).toContainEqual(
      expect.objectContaining({
        kind: 'use',
        actor: 'function:email_verification',
        purpose: 'site_operation',
        clauses: ['mic-14'],
        data: ['email_address'],
      }),
    );
    const from = (await ledgerOf(server.url)).length;
    await new Client(server.url).form('/forgot', { id: member.email });
    expect(await ledgerEntry(server.url, from, ({ actor }) => actor === 'function:password_reset')).toMatchObject({
      purpose: 'site_operation',
      clauses: ['mic-14'],
      outcome: 'permit',
    });

    // Staff are no function of the site: for them this purpose is refused, with the clause.
    const officer = await newOperator(server);
    const asked = {
      identifier: member.email,
      data: 'company_phone',
      purpose: 'site_operation',
      reason: 'to run the site',
    };
    const read = await officer.api('POST', '/api/desk/read', asked);
    expect(read.status).toBe(403);
    expect(read.json.clauses).toContain('mic-14');
  });

  it('mic-14: a function that the policy does not declare is refused the profile, and the refusal is logged', async () => {
    const server = await serve(undeclared);
    const values = registration();
    const from = (await ledgerOf(server.url)).length;
    expect((await new Client(server.url).api('POST', '/api/services/registration', values)).status).toBe(201);
    const refusal = await ledgerEntry(server.url, from, ({ kind }) => kind === 'refuse');
    expect(refusal).toMatchObject({
      outcome: 'refusal',
      action: 'use',
      // The ledger takes no name that the policy does not declare.
      actor: 'function',
      code: 'undeclared_function',
      data: ['email_address'],
    });
    expect(await mailsTo(server, String(values['email_address']))).toEqual([]);
    expect((await ledgerOf(server.url)).slice(from).filter(({ kind }) => kind === 'use')).toEqual([]);
  });
});
