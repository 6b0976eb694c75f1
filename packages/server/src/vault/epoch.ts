import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { TrothError } from '../platform/errors.ts';
import { freshNonce, NONCE_BYTES } from './nonce.ts';

/**
 * Wrapping: how one key lies under another. A wrapped key is nonce (12), ciphertext (32), tag (16) of AES-256-GCM, and its
 * associated data say what it is: the root wraps epoch keys, an epoch wraps person keys and the key of the blind indexes.
 */
const WRAPPED_BYTES = 60;

const KEY_BYTES = 32;
const TAG_BYTES = 16;

/** What a wrapped key is, and whose: it unwraps as nothing else. */
export interface Wrapping {
  installation: string;
  kind: 'epoch' | 'person' | 'index';
  epoch: number;
  /** The person of a person key; empty otherwise. */
  person?: string;
}

/** A new random key of 256 bits. Person keys are never derived from anything: a derived key could be made again. */
export function newSecret(): KeyObject {
  const bytes = randomBytes(KEY_BYTES);
  const secret = createSecretKey(bytes);
  bytes.fill(0);
  return secret;
}

/** The key that wraps epochs: HKDF-SHA-256 (RFC 5869) of the root key, bound to the installation. */
export function wrappingKey(root: KeyObject, installation: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', root, installation, 'troth/root/wrap/1', KEY_BYTES)));
}

/** 16 bytes by which a keyring knows its root key again; they say nothing of the key. */
export function rootCheck(root: KeyObject, installation: string): Buffer {
  return Buffer.from(hkdfSync('sha256', root, installation, 'troth/root/check/1', 16));
}

/** Wraps a key under another. */
export function wrap(over: KeyObject, what: Wrapping, secret: KeyObject): Buffer {
  const wrapped = Buffer.allocUnsafe(WRAPPED_BYTES);
  const nonce = freshNonce();
  nonce.copy(wrapped);
  const cipher = createCipheriv('aes-256-gcm', over, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(wrappingBytes(what));
  const clear = secret.export();
  cipher.update(clear).copy(wrapped, NONCE_BYTES);
  clear.fill(0);
  cipher.final();
  cipher.getAuthTag().copy(wrapped, WRAPPED_BYTES - TAG_BYTES);
  return wrapped;
}

/**
 * Unwraps a key.
 * @throws TrothError `key-unwrap-failed` on a wrong wrapping key, another kind, epoch or person, or changed bytes
 */
export function unwrap(over: KeyObject, what: Wrapping, wrapped: Uint8Array): KeyObject {
  try {
    if (wrapped.length !== WRAPPED_BYTES) throw new Error('length');
    const decipher = createDecipheriv('aes-256-gcm', over, wrapped.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(wrappingBytes(what));
    decipher.setAuthTag(wrapped.subarray(WRAPPED_BYTES - TAG_BYTES));
    const clear = decipher.update(wrapped.subarray(NONCE_BYTES, WRAPPED_BYTES - TAG_BYTES));
    decipher.final();
    const secret = createSecretKey(clear);
    clear.fill(0);
    return secret;
  } catch {
    throw new TrothError(
      'key-unwrap-failed',
      `expected a wrapped ${what.kind} key of epoch ${what.epoch}; it does not unwrap`,
      {
        hint: 'the keyring was changed by other hands, or parts of two keyrings were mixed: put back its latest copy',
      },
    );
  }
}

/** Texts are ids without NUL, so that NUL separates them without doubt. */
function wrappingBytes(what: Wrapping): Buffer {
  return Buffer.from(`troth/wrap/1\0${what.kind}\0${what.installation}\0${what.epoch}\0${what.person ?? ''}`);
}
