import { createHash, randomBytes } from 'node:crypto';

/** A one-time link's secret: the token goes into the link, the hash into the keyring. */
export interface NewToken {
  /** 256 random bits in base64url, 43 characters: shown once, stored nowhere. */
  token: string;
  /** Its SHA-256, 32 bytes. */
  hash: Buffer;
}

/** Draws a token for a one-time link, or for a session. */
export function newToken(): NewToken {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashOf(token) };
}

/**
 * The hash under which a token that came in would be stored. A plain SHA-256 is enough, since a token of 256 random bits cannot
 * be guessed from it; looking up by hash also takes the time of comparing out of an attacker's hands.
 * @returns undefined for text that is no token
 */
export function tokenHash(token: string): Buffer | undefined {
  return /^[A-Za-z0-9_-]{43}$/u.test(token) ? hashOf(token) : undefined;
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update('troth/token/1\0').update(token, 'latin1').digest();
}
