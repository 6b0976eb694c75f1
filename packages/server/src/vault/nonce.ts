import { randomFillSync } from 'node:crypto';

/** Bytes of an AES-GCM nonce (NIST SP 800-38D, 8.2.2: 96 random bits). */
export const NONCE_BYTES = 12;

const POOL = Buffer.alloc(NONCE_BYTES * 1024);
let next = POOL.length;

/**
 * A fresh random nonce. The system is asked for 12 KB at a time, since a call for each nonce costs more than the encryption;
 * every byte is handed out once.
 * @returns a view of 12 bytes that holds until the pool is refilled: copy or use it at once
 */
export function freshNonce(): Buffer {
  if (next === POOL.length) {
    randomFillSync(POOL);
    next = 0;
  }
  const nonce = POOL.subarray(next, next + NONCE_BYTES);
  next += NONCE_BYTES;
  return nonce;
}
