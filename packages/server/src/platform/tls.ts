import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { errorCode, TrothError } from './errors.ts';

/** A certificate chain and its private key, both as PEM text. */
export interface Certificate {
  cert: string;
  key: string;
}

/** TLS below this is not spoken (RFC 8996 retired 1.0 and 1.1). */
export const TLS_MINIMUM = 'TLSv1.2';

const DAY = 24 * 3_600_000;
const LASTS = 365 * DAY;
const RENEW_BEFORE = 30 * DAY;

/**
 * The certificate for development: for localhost, 127.0.0.1 and ::1, signed by itself, kept in the secrets folder and made
 * anew a month before its end. Browsers warn of it, as they should.
 * @param secrets the folder that holds it
 */
export async function developmentCertificate(secrets: string, now: Date): Promise<Certificate> {
  const file = join(secrets, 'development.pem');
  const kept = read(file);
  if (kept !== undefined && expires(kept.cert).getTime() - now.getTime() > RENEW_BEFORE) return kept;
  const made = await make(now);
  // In one file and moved into place, so that a certificate never stands beside another one's key.
  writeFileSync(`${file}.new`, `${made.key}\n${made.cert}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return made;
}

/**
 * Reads the certificate and key for production, and tries whether they are a pair.
 * @throws TrothError `bad-certificate` naming the file
 */
export function readCertificate(certFile: string, keyFile: string): Certificate {
  const [cert, key] = [certFile, keyFile].map((file) => {
    try {
      return readFileSync(file, 'utf8');
    } catch (cause) {
      throw new TrothError(
        'bad-certificate',
        `expected a PEM file that can be read; this one cannot (${errorCode(cause)})`,
        { file, cause },
      );
    }
  }) as [string, string];
  try {
    createPrivateKey(key);
  } catch (cause) {
    throw new TrothError('bad-certificate', 'expected a private key in PEM without a passphrase; this is none', {
      file: keyFile,
      cause,
    });
  }
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    const hint = 'do the certificate and the key belong together?';
    throw new TrothError(
      'bad-certificate',
      `expected a certificate chain in PEM that fits the key; this does not (${errorCode(cause)})`,
      { file: certFile, hint, cause },
    );
  }
  return { cert, key };
}

function read(file: string): Certificate | undefined {
  try {
    const [key, cert] = readFileSync(file, 'utf8').split(/(?=-----BEGIN CERTIFICATE-----)/);
    return key && cert ? { key, cert } : undefined;
  } catch {
    return undefined;
  }
}

function expires(pem: string): Date {
  return new Date(new X509Certificate(pem).validTo);
}

async function make(now: Date): Promise<Certificate> {
  // Loaded only when a certificate is made; most starts need none. Its container wants the metadata API to be there first.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=Troth development',
      notBefore: new Date(now.getTime() - DAY),
      notAfter: new Date(now.getTime() + LASTS),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          { type: 'ip', value: '127.0.0.1' },
          { type: 'ip', value: '::1' },
        ]),
      ],
    },
    webcrypto,
  );
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    cert: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8.match(/.{1,64}/g)!.join('\n')}\n-----END PRIVATE KEY-----`,
  };
}
