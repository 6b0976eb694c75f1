import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listen, type Handler, type ListenOptions, type Listening } from './listen.ts';
import { silentLog } from './log.ts';
import { developmentCertificate, type Certificate } from './tls.ts';

let dir: string;
let certificate: Certificate;
let open: Listening | undefined;
const seen: string[] = [];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'troth-listen-'));
  certificate = await developmentCertificate(dir, new Date());
});
afterAll(() => rmSync(dir, { recursive: true }));
afterEach(async () => {
  await open?.close(0);
  open = undefined;
  seen.length = 0;
});

const app: Handler = async (request, env) => {
  const body = await request.text();
  seen.push(body);
  if (new URL(request.url).pathname === '/fail') throw new Error('wang@example.com');
  return Response.json({ secure: env.secure, production: env.production, address: env.address, length: body.length });
};

async function start(options: Partial<ListenOptions> = {}): Promise<Listening> {
  open = await listen(app, {
    port: 0,
    tlsPort: 0,
    host: '127.0.0.1',
    production: false,
    certificate,
    log: silentLog,
    ...options,
  });
  return open;
}

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: any;
}

async function ask(
  port: number,
  { tls = false, body, ...options }: RequestOptions & { tls?: boolean; body?: string } = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const send = tls ? httpsRequest : httpRequest;
  const outgoing = send(
    { host: '127.0.0.1', port, rejectUnauthorized: false, ...options } as RequestOptions,
    (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode!,
          headers: answer.headers,
          body: text === '' ? undefined : JSON.parse(text),
        }),
      );
    },
  );
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}

/** Sends bytes as they are and returns all that comes back until the connection ends. */
async function raw(port: number, text: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let heard = '';
  const socket = connect(port, '127.0.0.1', () => socket.write(text));
  socket.setEncoding('utf8').on('data', (part: string) => (heard += part));
  socket.on('error', () => {});
  socket.on('close', () => resolve(heard));
  return promise;
}

describe('in development', () => {
  it('serves HTTP and HTTPS on loopback and says which is which', async () => {
    const { port, tlsPort, urls } = await start();
    expect(urls).toEqual([`http://127.0.0.1:${port}`, `https://127.0.0.1:${tlsPort}`]);
    expect((await ask(port, { method: 'POST', body: 'abc' })).body).toMatchObject({
      secure: false,
      production: false,
      length: 3,
    });
    const over = await ask(tlsPort!, { tls: true });
    expect(over.body).toMatchObject({ secure: true });
    expect(over.headers['strict-transport-security']).toBeUndefined();
  });

  it('answers under no foreign name, as a page that points its name at loopback would use', async () => {
    const { port } = await start();
    expect(await ask(port, { headers: { host: `evil.test:${port}` } })).toMatchObject({
      status: 421,
      body: { code: 'foreign-host' },
    });
    expect(seen).toEqual([]);
  });

  it('believes no proxy', async () => {
    const { port } = await start();
    const answer = await ask(port, { headers: { 'x-forwarded-proto': 'https', 'x-forwarded-for': '9.9.9.9' } });
    expect(answer.body).toMatchObject({ secure: false, address: '127.0.0.1' });
  });

  it('speaks TLS 1.2 and newer', async () => {
    const { tlsPort } = await start();
    const tryVersion = async (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string | null> => {
      const { promise, resolve } = Promise.withResolvers<string | null>();
      const options = {
        port: tlsPort!,
        host: '127.0.0.1',
        rejectUnauthorized: false,
        minVersion: version,
        maxVersion: version,
        ciphers: 'DEFAULT@SECLEVEL=0',
      };
      const socket = connectTls(options, () => resolve(socket.getProtocol()));
      socket.on('error', () => resolve(null));
      const spoken = await promise;
      socket.destroy();
      return spoken;
    };
    expect(await tryVersion('TLSv1.1')).toBeNull();
    expect(await tryVersion('TLSv1.2')).toBe('TLSv1.2');
    expect(await tryVersion('TLSv1.3')).toBe('TLSv1.3');
  });

  it('takes bodies up to the limit, of stated length and in chunks, and serves on', async () => {
    const { port } = await start();
    const [fits, large] = ['x'.repeat(1_000_000), 'x'.repeat(1_000_001)];
    const chunked = { 'transfer-encoding': 'chunked' };
    expect((await ask(port, { method: 'POST', body: fits })).body.length).toBe(1_000_000);
    expect((await ask(port, { method: 'POST', body: fits, headers: chunked })).body.length).toBe(1_000_000);
    const stated = await raw(port, `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000001\r\n\r\nabc`);
    expect(stated).toMatch(/^HTTP\/1\.1 413 /);
    expect((await ask(port, { method: 'POST', body: large, headers: chunked })).status).toBe(413);
    expect(seen.every((body) => body.length <= 1_000_000)).toBe(true);
    expect((await ask(port)).status).toBe(200);
  });

  it('refuses long headers, and tells nothing of its own faults', async () => {
    const { port } = await start();
    expect(await raw(port, `GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431/,
    );
    const fault = await ask(port, { path: '/fail' });
    expect(fault).toMatchObject({ status: 500, body: { code: 'internal' } });
    expect(JSON.stringify(fault.body)).not.toContain('wang');
  });

  it('says clearly that a port is taken', async () => {
    const { port } = await start();
    const second = listen(app, { port, tlsPort: 0, production: false, certificate, log: silentLog });
    await expect(second).rejects.toMatchObject({ code: 'port-in-use', message: expect.stringContaining(String(port)) });
  });
});

describe('in production', () => {
  it('sends reads from HTTP to HTTPS and refuses writes before their body', async () => {
    const { port, tlsPort, urls } = await start({ production: true });
    expect(urls).toEqual([`https://127.0.0.1:${tlsPort}`]);
    const read = await ask(port, { path: '/policy?x=1', headers: { host: 'shop.test' } });
    expect(read).toMatchObject({ status: 308, headers: { location: `https://shop.test:${tlsPort}/policy?x=1` } });
    const write = await raw(
      port,
      'POST /forms/question HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 900000\r\n\r\nemail=wang',
    );
    expect(write).toMatch(/^HTTP\/1\.1 403 [\s\S]*insecure-channel/);
    expect(write.toLowerCase()).toContain('connection: close');
    const asked = await raw(
      port,
      'POST / HTTP/1.1\r\nHost: shop.test\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n',
    );
    expect(asked).toMatch(/^HTTP\/1\.1 403/);
    expect(seen).toEqual([]);
    const over = await ask(tlsPort!, { tls: true, method: 'POST', body: 'a', headers: { host: 'shop.test' } });
    expect(over).toMatchObject({ status: 200, body: { secure: true, production: true } });
    expect(over.headers['strict-transport-security']).toContain('max-age');
  });

  it('makes no redirect of a Host that is none', async () => {
    const { port } = await start({ production: true });
    for (const host of ['evil.test/path', 'a b', 'x@y', '']) {
      expect(await raw(port, `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400/);
    }
  });

  it('believes the proxy that is named, about the last hop only', async () => {
    const { port, tlsPort } = await start({ production: true, certificate: undefined, trustProxy: ['127.0.0.1'] });
    expect(tlsPort).toBeUndefined();
    const through = await ask(port, {
      headers: { 'x-forwarded-proto': 'https', 'x-forwarded-for': '6.6.6.6, 9.9.9.9' },
    });
    expect(through.body).toMatchObject({ secure: true, address: '9.9.9.9' });
    expect(
      (await ask(port, { headers: { 'x-forwarded-proto': 'https, http' }, method: 'POST', body: 'a' })).status,
    ).toBe(403);
    const plain = await ask(port, { path: '/a', headers: { host: 'shop.test' } });
    expect(plain).toMatchObject({ status: 308, headers: { location: 'https://shop.test/a' } });
  });

  it('believes nobody else', async () => {
    const { port } = await start({ production: true, certificate: undefined, trustProxy: ['10.0.0.0/8'] });
    expect((await ask(port, { method: 'POST', body: 'a', headers: { 'x-forwarded-proto': 'https' } })).status).toBe(
      403,
    );
    expect(seen).toEqual([]);
  });
});

it('closes in order: what runs may end, then the port is free', async () => {
  const release = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const slow: Handler = async () => {
    begun.resolve();
    await release.promise;
    return new Response('"done"');
  };
  const house = await listen(slow, {
    port: 0,
    tlsPort: 0,
    host: '127.0.0.1',
    production: false,
    certificate,
    log: silentLog,
  });
  const running = ask(house.port);
  await begun.promise;
  const closed = house.close(5_000);
  release.resolve();
  expect((await running).body).toBe('done');
  await closed;
  await expect(ask(house.port)).rejects.toThrow('ECONNREFUSED');
});
