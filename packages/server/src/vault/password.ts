import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { TrothError } from '../platform/errors.ts';
import { Turnstile } from './turnstile.ts';

/** scrypt (RFC 7914) at N=2^17, r=8, p=1: 128 MiB and about 0.3 s of one core for each guess. */
const COST = 17;
const BLOCK = 8;
const LANES = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** The longest password taken, in UTF-8 bytes: nothing is cut off silently. */
export const PASSWORD_MAX_BYTES = 1024;

/** Each computation holds 128 MiB, so that few may run at once and few may wait. */
const TURNS = new Turnstile(2, 64);

/**
 * Hashes a password for storing.
 * @returns `$scrypt$ln=17,r=8,p=1$SALT$HASH` (PHC string format, base64 without padding)
 * @throws TrothError `password-too-long`, `too-busy`
 */
export async function hashPassword(password: string): Promise<string> {
  const bytes = passwordBytes(password);
  if (bytes === undefined) {
    throw new TrothError(
      'password-too-long',
      `expected a password of at most ${PASSWORD_MAX_BYTES} bytes; came a longer one`,
    );
  }
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(bytes, salt, COST);
  return `$scrypt$ln=${COST},r=${BLOCK},p=${LANES}$${unpadded(salt)}$${unpadded(hash)}`;
}

/**
 * Does the password fit the stored hash? With no hash (no such account) the same work is done and the answer is no, so that the
 * time taken does not tell who has an account.
 * @throws TrothError `password-hash-invalid` where the stored text is no hash of ours; `too-busy`
 */
export async function verifyPassword(stored: string | undefined, password: string): Promise<boolean> {
  const { cost, salt, hash } = stored === undefined ? NOBODY : parseHash(stored);
  const bytes = passwordBytes(password);
  const found = await derive(bytes ?? Buffer.alloc(1), salt, cost);
  return timingSafeEqual(found, hash) && bytes !== undefined && stored !== undefined;
}

/** Stands in for an account that is not there. */
const NOBODY = { cost: COST, salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) };

function parseHash(stored: string): typeof NOBODY {
  const parts = /^\$scrypt\$ln=(1[4-9]|20),r=8,p=1\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/u.exec(stored);
  if (parts === null) {
    throw new TrothError(
      'password-hash-invalid',
      'expected a stored password hash of the form $scrypt$ln=17,r=8,p=1$...; came something else',
    );
  }
  const [, cost = '', salt = '', hash = ''] = parts;
  return { cost: Number(cost), salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
}

/** NFKC, so that a password typed on another keyboard or system is the same (NIST SP 800-63B, 3.1.1.2). */
function passwordBytes(password: string): Buffer | undefined {
  const bytes = Buffer.from(password.normalize('NFKC'));
  return bytes.length > PASSWORD_MAX_BYTES ? undefined : bytes;
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

function derive(password: Buffer, salt: Buffer, cost: number): Promise<Buffer> {
  const N = 2 ** cost;
  return TURNS.pass(() => scryptAsync(password, salt, { N, r: BLOCK, p: LANES, maxmem: 256 * N * BLOCK }));
}

function scryptAsync(password: Buffer, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
