import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { loadKey } from './key.ts';
import type { Signer } from './note.ts';

/**
 * The mark of this house on an entry that waits for its place. Whoever can write to the database, and no more, cannot make it: so
 * the sequencer signs only what the house itself wrote.
 */
export interface Sealer {
  /** HMAC-SHA-256 (RFC 2104) over the entry's bytes, 32 bytes. */
  seal(body: Uint8Array): Buffer;
  /** Is this the entry's seal? In constant time. */
  holds(body: Uint8Array, seal: Uint8Array | null): boolean;
}

/** The sealer of a log: its key comes from the log's signing key by HKDF (RFC 5869), so that there is no further secret to keep. */
export function sealerOf({ privateKey }: Signer): Sealer {
  const secret = privateKey.export({ format: 'der', type: 'pkcs8' });
  const key = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), 'troth/entry-seal/1', 32));
  const seal = (body: Uint8Array): Buffer => createHmac('sha256', key).update(body).digest();
  return {
    seal,
    holds: (body, given) => given !== null && given.length === 32 && timingSafeEqual(seal(body), given),
  };
}

/** The sealer of a data directory, for whoever verifies beside the house; undefined where its signing key is not there. */
export async function readSealer(secretsDir: string): Promise<Sealer | undefined> {
  const signer = await loadKey(secretsDir);
  return signer && sealerOf(signer);
}
