import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { developmentCertificate, readCertificate } from './tls.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'troth-tls-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const NOW = new Date('2026-11-22T00:00:00Z');

it('makes a certificate for loopback, keeps it privately, and renews it a month before its end', async () => {
  const first = await developmentCertificate(dir, NOW);
  const read = new X509Certificate(first.cert);
  expect(read.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
  expect(read.publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' });
  expect(read.ca).toBe(false);
  expect(statSync(join(dir, 'development.pem')).mode & 0o777).toBe(0o600);
  const again = await developmentCertificate(dir, new Date('2027-10-01'));
  expect(new X509Certificate(again.cert).serialNumber).toBe(read.serialNumber);
  const renewed = await developmentCertificate(dir, new Date('2027-11-01'));
  expect(new X509Certificate(renewed.cert).serialNumber).not.toBe(read.serialNumber);
});

it('says which of the two files is wrong', async () => {
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
  expect(() => readCertificate(cert, key)).toThrow(expect.objectContaining({ code: 'bad-certificate', file: cert }));
  const one = await developmentCertificate(dir, NOW);
  writeFileSync(cert, one.cert);
  writeFileSync(key, 'nonsense');
  expect(() => readCertificate(cert, key)).toThrow(expect.objectContaining({ file: key }));
  writeFileSync(key, one.key);
  expect(readCertificate(cert, key).key).toContain('PRIVATE KEY');
  rmSync(join(dir, 'development.pem'));
  writeFileSync(key, (await developmentCertificate(dir, NOW)).key);
  expect(() => readCertificate(cert, key)).toThrow(
    expect.objectContaining({ file: cert, hint: expect.stringContaining('together') }),
  );
});
