import { webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type SecureVersion } from 'node:tls';

/** A certificate for 127.0.0.1 and localhost, as its owner's files. */
export interface TestCertificate {
  certFile: string;
  keyFile: string;
  cert: string;
  key: string;
  remove(): void;
}

/** Makes a certificate that signs itself, valid for a day. */
export async function makeCertificate(): Promise<TestCertificate> {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
  const now = Date.now();
  const made = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=a house under test',
      notBefore: new Date(now - 3_600_000),
      notAfter: new Date(now + 86_400_000),
      signingAlgorithm,
      keys,
      extensions: [
        new x509.SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          { type: 'ip', value: '127.0.0.1' },
        ]),
      ],
    },
    webcrypto,
  );
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const [cert, key] = [
    made.toString('pem'),
    `-----BEGIN PRIVATE KEY-----\n${pkcs8.match(/.{1,64}/g)!.join('\n')}\n-----END PRIVATE KEY-----\n`,
  ];
  const folder = mkdtempSync(join(tmpdir(), 'troth-certificate-'));
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key, { mode: 0o600 });
  return { certFile, keyFile, cert, key, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface Reply {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  text: string;
  /** Whether the server asked for the body of a request that waited to be asked (RFC 9110, section 10.1.1). */
  continued: boolean;
}

/** Sends a request over plain HTTP or, with the certificate to trust, over HTTPS. A request with `expect` sends its body when asked. */
export function send(
  url: string,
  asking: { method?: string; headers?: Record<string, string>; body?: string; ca?: string },
): Promise<Reply> {
  const { method = 'GET', headers = {}, body, ca } = asking;
  const request = url.startsWith('https') ? secureRequest : plainRequest;
  return new Promise((resolve, reject) => {
    let continued = false;
    const sent = request(url, { method, headers, agent: false, ...(ca !== undefined && { ca }) }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text, continued }));
    });
    sent.on('error', reject);
    sent.on('continue', () => {
      continued = true;
      sent.end(body);
    });
    if (headers['expect'] === undefined) sent.end(body);
    else sent.flushHeaders();
  });
}

/** The version of TLS that a server speaks with a client that offers this one alone, or the code of its refusal. */
export function handshake(port: number, version: SecureVersion, ca: string): Promise<string> {
  return new Promise((resolve) => {
    // Without the level OpenSSL itself would offer nothing below 1.2, and the test would say nothing about the server.
    const socket = connect({
      host: '127.0.0.1',
      port,
      ca,
      minVersion: version,
      maxVersion: version,
      ciphers: 'ALL:@SECLEVEL=0',
    });
    socket.once('secureConnect', () => {
      resolve(socket.getProtocol() ?? 'none');
      socket.destroy();
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
  });
}
