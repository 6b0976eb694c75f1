import { createServer as createTlsServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client, type Answer } from '../../harness/client.ts';
import { newOperator } from '../../harness/people.ts';
import { startServer, type Server } from '../../harness/server.ts';
import { openMailSink, type MailSink } from '../support/mail-sink.ts';
import { wordsOf } from '../support/pages.ts';
import { policyText } from '../support/policies.ts';
import { holdings, ledgerEntry, ledgerOf, rowsOf } from '../support/store.ts';
import { freePort, handshake, makeCertificate, send, type TestCertificate } from '../support/tls.ts';
import { tracesOf } from '../support/traces.ts';

const HAIER = 'policies/haier/policy.md';

describe('what is stored', () => {
  let server: Server;
  let operator: Client;
  beforeAll(async () => {
    server = await startServer({ policy: HAIER });
    operator = await newOperator(server);
  });
  afterAll(() => server.end());

  /** What a stranger can compare: everything of an answer but the moment that it was given. */
  const told = ({ status, headers, text }: Answer): unknown => [
    status,
    [...headers].filter(([name]) => name !== 'date'),
    text,
  ];

  it(
    'haier-02d: whoever is not authorised staff gets the same refusal for a record that is there and one that is not, and the try is logged',
    { timeout: 60_000 },
    async () => {
      const words = `The cookie page is wrong, says 李雷 ${'很长的话'.repeat(300)} ${randomUUID()}`;
      const sent = await new Client(server.url).api('POST', '/api/services/concern', { feedback_content: words });
      expect(sent.status).toBe(201);
      const queue = await operator.get('/api/desk/queue');
      const [there] = (queue.json as { case: string }[]).map((each) => each.case);
      const [{ person_id: person, record_id: record }] = (await rowsOf<{ person_id: string; record_id: string }>(
        server,
        'select * from records',
      )) as [never];
      const stranger = new Client(server.url);
      const pretender = new Client(server.url);
      pretender.cookies.set(
        'session',
        operator.cookies.get('session')!.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
      );

      const ways: ((client: Client, id: string) => Promise<Answer>)[] = [
        (client, id) =>
          client.api('POST', '/api/desk/read', { case: id, data: 'feedback_content', purpose: 'complaint_handling' }),
        (client, id) =>
          client.form('/desk/read', { case: id, 'data:feedback_content': 'yes', purpose: 'complaint_handling' }),
        (client, id) => client.form('/desk/state', { case: id, state: 'closed' }),
        (client, id) => client.get(`/desk?case=${id}`),
        (client, id) => client.get(`/api/desk/queue?case=${id}`),
        (client, id) => client.get(`/api/desk/${id}`),
        (client, id) => client.get(`/desk/${id}`),
        (client, id) => client.get(`/api/records/${id}`),
        (client, id) => client.get(`/services/concern/${id}`),
      ];
      const before = (await ledgerOf(server.url)).length;
      let tries = 0;
      for (const client of [stranger, pretender]) {
        for (const way of ways) {
          const nobody = await way(client, randomUUID());
          const missing = told(nobody);
          expect([303, 401, 404]).toContain(nobody.status);
          for (const id of [there!, person, record]) {
            const answer = await way(client, id);
            expect(told(answer)).toEqual(missing);
            expect(answer.text).not.toContain('cookie page');
          }
          if (nobody.status !== 404) tries += 4;
        }
      }
      // A reference is the sender's alone: a wrong one is refused alike whether a message is near to it or not.
      const reference = sent.json.reference as string;
      const near = reference.slice(0, -1) + (reference.endsWith('7') ? '8' : '7');
      const misses = await Promise.all(
        [near, 'TR-0000-0000-0000-0000', there!].map((guess) =>
          stranger.api('POST', '/api/follow', { reference: guess }),
        ),
      );
      expect(new Set(misses.map((miss) => JSON.stringify(told(miss)))).size).toBe(1);
      expect(misses[0]!.status).toBe(404);

      // Logged: summed up in the ledger within seconds, each try counted, with nothing in the entry that points to the record.
      expect(tries).toBeGreaterThan(40);
      await expect
        .poll(
          async () => {
            const entries = (await ledgerOf(server.url))
              .slice(before)
              .filter(({ kind, code }) => kind === 'refuse' && code === 'not_own');
            expect(entries.every(({ subject }) => Buffer.from(subject).equals(Buffer.alloc(32)))).toBe(true);
            return entries.filter(({ action }) => action === 'use').reduce((sum, { count }) => sum + count, 0);
          },
          { timeout: 15_000 },
        )
        .toBe(tries);
      const looked = (await ledgerOf(server.url))
        .slice(before)
        .filter(({ code, action }) => code === 'not_own' && action === 'view');
      expect(looked.reduce((sum, { count }) => sum + count, 0)).toBe(misses.length);
      expect((await rowsOf(server, `select from cases where state <> 'received'`)).length).toBe(0);

      // With an authorised identity, for the purpose of the policy, the very same request opens it, and that is logged too.
      const read = await ways[0]!(operator, there!);
      expect(read.json.held).toMatchObject([{ field: 'feedback_content', value: words, masked: false }]);
      await ledgerEntry(
        server.url,
        before,
        (entry) =>
          entry.kind === 'use' &&
          entry.actor === 'staff' &&
          entry.purpose === 'complaint_handling' &&
          entry.data[0] === 'feedback_content',
      );
      const elsewhere = await operator.api('POST', '/api/desk/read', {
        case: there!,
        data: 'feedback_content',
        purpose: 'usage_measurement',
      });
      expect(elsewhere.status).toBe(403);
      expect(elsewhere.json.clauses).toContain('haier-15a');
      expect(tracesOf(server, [words.slice(0, 40), words.slice(-36)])).toEqual([]);
    },
  );
});

describe('the way there', () => {
  let server: Server;
  let certificate: TestCertificate;
  let sink: MailSink;
  let http: string;
  beforeAll(async () => {
    [certificate, sink] = [await makeCertificate(), await openMailSink()];
    const port = await freePort();
    http = `http://127.0.0.1:${port}`;
    const args = [
      '--production',
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--tls-cert',
      certificate.certFile,
      '--tls-key',
      certificate.keyFile,
    ];
    server = await startServer({ policy: HAIER, args, env: { SMTP_URL: sink.url } });
  });
  afterAll(async () => {
    await server.end();
    await sink.close();
    certificate.remove();
  });

  const FORM = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
  const JSON_BODY = { 'content-type': 'application/json' };

  it(
    'haier-13: over plain HTTP a concern is refused before its body is taken, sent nowhere else, and nothing of it is kept; over TLS it is taken',
    { timeout: 60_000 },
    async () => {
      const words = `Please do not send this in the clear ${randomUUID()} 王芳`;
      const body = new URLSearchParams({ feedback_content: words }).toString();
      const before = await holdings(server);
      const tries: Parameters<typeof send>[1][] = [
        { headers: FORM },
        { headers: { ...FORM, 'transfer-encoding': 'chunked' } },
        { headers: { ...FORM, expect: '100-continue', 'content-length': String(Buffer.byteLength(body)) } },
        // What a client says of a proxy that nobody trusts changes nothing.
        {
          headers: {
            ...FORM,
            'x-forwarded-proto': 'https',
            forwarded: 'proto=https',
            'x-forwarded-ssl': 'on',
            'front-end-https': 'on',
          },
        },
        { headers: { ...FORM, host: 'localhost' } },
      ];
      for (const path of [
        '/services/concern',
        '/services/concern?lang=zh',
        '/api/services/concern',
        '/follow',
        '/staff/sign-in',
      ]) {
        for (const asking of tries) {
          const reply = await send(`${http}${path}`, { method: 'POST', body, ...asking });
          expect(reply.status).toBe(403);
          expect(JSON.parse(reply.text)).toMatchObject({ status: 403, code: 'insecure-channel' });
          expect(reply.headers).not.toHaveProperty('location');
          expect(reply.headers).not.toHaveProperty('set-cookie');
          expect(reply.continued).toBe(false);
        }
        for (const method of ['PUT', 'PATCH', 'DELETE'])
          expect(
            (
              await send(`${http}${path}`, {
                method,
                headers: JSON_BODY,
                body: JSON.stringify({ feedback_content: words }),
              })
            ).status,
          ).toBe(403);
      }
      expect(await holdings(server)).toEqual(before);
      expect(tracesOf(server, [words])).toEqual([]);
      // Only a look is led to the secured channel: it carries nothing.
      const led = await send(`${http}/services/concern`, {});
      expect([led.status, led.headers['location']]).toEqual([308, `${server.https}/services/concern`]);

      const ca = certificate.cert;
      expect((await send(`${server.https}/services/concern`, { ca })).status).toBe(200);
      const taken = await send(`${server.https}/services/concern`, { method: 'POST', headers: FORM, body, ca });
      expect(taken.status).toBe(201);
      const again = await send(`${server.https}/api/services/concern`, {
        method: 'POST',
        headers: JSON_BODY,
        body: JSON.stringify({ feedback_content: words }),
        ca,
      });
      expect(again.status).toBe(201);
      expect(await holdings(server)).toMatchObject({
        people: before['people']! + 2,
        records: before['records']! + 2,
        cases: before['cases']! + 2,
      });
      const { reference } = JSON.parse(again.text) as { reference: string };
      const followed = await send(`${server.https}/api/follow`, {
        method: 'POST',
        headers: JSON_BODY,
        body: JSON.stringify({ reference }),
        ca,
      });
      expect(JSON.parse(followed.text)).toMatchObject({ own: [{ value: words }] });
    },
  );

  it('haier-13: no TLS below the version that the notice names is spoken, and the browser is told to come back secured', async () => {
    const ca = certificate.cert;
    const port = Number(new URL(server.https).port);
    // A server that does speak the old versions shows that this client offers them.
    const old = createTlsServer({
      cert: certificate.cert,
      key: certificate.key,
      minVersion: 'TLSv1',
      ciphers: 'ALL:@SECLEVEL=0',
    });
    await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
    const oldPort = (old.address() as AddressInfo).port;
    for (const version of ['TLSv1', 'TLSv1.1'] as const) {
      expect(await handshake(oldPort, version, ca)).toBe(version);
      expect(await handshake(port, version, ca)).toMatch(/PROTOCOL_VERSION|ECONNRESET/);
    }
    old.close();
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) expect(await handshake(port, version, ca)).toBe(version);

    const notice = await send(`${server.https}/policy`, { ca });
    const [, minimum] = /tls_minimum:\s+value: "([\d.]+)"/.exec(policyText('haier'))!;
    const [, days] = /hsts_days:\s+value: (\d+)/.exec(policyText('haier'))!;
    expect(minimum).toBe('1.2');
    expect(wordsOf(notice.text)).toContain(`tls_minimum : ${minimum}`);
    expect(wordsOf(notice.text)).toContain(`hsts_days : ${days} days`);
    expect(notice.headers['strict-transport-security']).toBe(`max-age=${Number(days) * 86_400}`);
  });
});
