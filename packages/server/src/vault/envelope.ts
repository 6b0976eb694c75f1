import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { TrothError } from '../platform/errors.ts';
import { freshNonce, NONCE_BYTES } from './nonce.ts';
import { placeBytes, type Place } from './place.ts';

/**
 * The envelope of one sealed value:
 *
 *     version  1 byte   0x01
 *     suite    1 byte   0x01 = AES-256-GCM, 96-bit random nonce, 128-bit tag (NIST SP 800-38D)
 *     epoch    4 bytes  big-endian: the epoch that the person's key was wrapped under when the value was sealed
 *     nonce   12 bytes
 *     ciphertext        as long as the clear value
 *     tag     16 bytes
 *
 * The first six bytes and the value's place (see `place.ts`) are the associated data.
 */
export const ENVELOPE_OVERHEAD = 34;

const VERSION = 1;
const SUITE = 1;
const HEADER_BYTES = 6;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';
const OPTIONS = { authTagLength: TAG_BYTES } as const;

/**
 * Seals a value for one place under a person's key.
 * @param secret 32 bytes, as a KeyObject
 * @param epoch 0 to 4294967295
 */
export function sealEnvelope(secret: KeyObject, epoch: number, place: Place, clear: Uint8Array): Buffer {
  const envelope = Buffer.allocUnsafe(ENVELOPE_OVERHEAD + clear.length);
  envelope[0] = VERSION;
  envelope[1] = SUITE;
  envelope.writeUInt32BE(epoch, 2);
  const nonce = freshNonce();
  nonce.copy(envelope, HEADER_BYTES);
  const cipher = createCipheriv(CIPHER, secret, nonce, OPTIONS);
  cipher.setAAD(placeBytes(place, envelope.subarray(0, HEADER_BYTES)));
  cipher.update(clear).copy(envelope, HEADER_BYTES + NONCE_BYTES);
  cipher.final();
  cipher.getAuthTag().copy(envelope, envelope.length - TAG_BYTES);
  return envelope;
}

/**
 * Opens a value at its place.
 * @throws TrothError `envelope-closed`, the same for a wrong key, a wrong place, a changed byte, or bytes that are no envelope:
 *   whoever tries is not told what came nearest.
 */
export function openEnvelope(secret: KeyObject, place: Place, envelope: Uint8Array): Buffer {
  if (envelope.length < ENVELOPE_OVERHEAD || envelope[0] !== VERSION || envelope[1] !== SUITE) throw closed();
  const bytes = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength);
  try {
    const decipher = createDecipheriv(
      CIPHER,
      secret,
      bytes.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES),
      OPTIONS,
    );
    decipher.setAAD(placeBytes(place, bytes.subarray(0, HEADER_BYTES)));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
    const clear = decipher.update(bytes.subarray(HEADER_BYTES + NONCE_BYTES, bytes.length - TAG_BYTES));
    decipher.final();
    return clear;
  } catch {
    throw closed();
  }
}

function closed(): TrothError {
  return new TrothError('envelope-closed', 'expected a value sealed for this very place and person; it does not open');
}
