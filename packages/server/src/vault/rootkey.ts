import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { TrothError, errorCode } from '../platform/errors.ts';

const KEY_BYTES = 32;

/** Where the root key comes from: the variable `TROTH_ROOT_KEY`, else the file `root.key` in the folder of secrets. */
export interface RootKeySource {
  /** `DIR/secrets` */
  secretsDir: string;
  /** The value of `TROTH_ROOT_KEY`: 32 bytes in base64. When set, no file is read or made. */
  given?: string | undefined;
}

/**
 * Finds the root key. It is made only where there is no keyring yet that would need an older one.
 * @param mayMake whether a new key may be made: true only for a house without a keyring
 * @throws TrothError `root-key-missing` (nothing is written then), `root-key-invalid`, `root-key-exposed`, `root-key-unreadable`
 */
export function findRootKey(source: RootKeySource, mayMake: boolean): KeyObject {
  if (source.given !== undefined && source.given !== '') return parseKey(source.given, 'TROTH_ROOT_KEY');
  const file = join(source.secretsDir, 'root.key');
  const found = readKey(file);
  if (found !== undefined) return found;
  if (!mayMake) {
    throw new TrothError('root-key-missing', 'expected the root key of this keyring; there is none', {
      hint: 'put root.key back into the folder of secrets from its safe copy, or give it as TROTH_ROOT_KEY; without it nothing sealed can be read again',
      file,
    });
  }
  makeKey(source.secretsDir, file);
  return readKey(file) as KeyObject;
}

function readKey(file: string): KeyObject | undefined {
  try {
    const { mode } = lstatSync(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new TrothError(
        'root-key-exposed',
        `expected a root key that only its owner can read; its mode is ${(mode & 0o777).toString(8)}`,
        {
          hint: 'chmod 600 it, and ask yourself who could have read it',
          file,
        },
      );
    }
    return parseKey(readFileSync(file, 'latin1'), file);
  } catch (cause) {
    if (cause instanceof TrothError) throw cause;
    if (errorCode(cause) === 'ENOENT') return undefined;
    throw new TrothError('root-key-unreadable', `expected to read the root key; that failed (${errorCode(cause)})`, {
      file,
      cause,
    });
  }
}

function parseKey(text: string, from: string): KeyObject {
  const trimmed = text.trim();
  const bytes = Buffer.from(trimmed, 'base64');
  if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== trimmed) {
    throw new TrothError(
      'root-key-invalid',
      `expected ${KEY_BYTES} bytes in base64 (44 characters) in ${from}; came something else`,
      {
        hint: 'put the root key back from its safe copy; a new one can be drawn only for a new house: head -c 32 /dev/urandom | base64',
      },
    );
  }
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

/**
 * Writes a new key under another name, brings it to the disk, and only then links it into its place: the link fails if another
 * process was first, and a crash leaves either the whole key or none.
 */
function makeKey(dir: string, file: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}.new`;
  const handle = openSync(fresh, 'wx', 0o600);
  try {
    writeSync(handle, `${randomBytes(KEY_BYTES).toString('base64')}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  try {
    linkSync(fresh, file);
  } catch (cause) {
    if (errorCode(cause) !== 'EEXIST') throw cause;
  } finally {
    unlinkSync(fresh);
  }
  syncFolder(dir);
}

/** A new name in a folder is durable only when the folder itself is on the disk. */
export function syncFolder(dir: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(dir, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
