import { join } from 'node:path';
import { systemClock } from '../platform/clock.ts';
import { TrothError } from '../platform/errors.ts';
import { assertFits, newCharter, unlock } from './charter.ts';
import { Custody, type CustodyOptions } from './custody.ts';
import type { Home } from './home.ts';
import type { Keyring } from './keyring.ts';
import { openPostgresHome } from './postgres/home.ts';
import { findRootKey, type RootKeySource } from './rootkey.ts';
import { openSqliteHome } from './sqlite/home.ts';

export interface KeyringOptions extends OpenOptions {
  /** The data directory: the keyring is `DIR/keyring/keyring.sqlite`, the root key `DIR/secrets/root.key`. */
  dir: string;
  /** A PostgreSQL database of its own for the keyring, instead of the file. */
  url?: string | undefined;
  /** The value of `TROTH_ROOT_KEY`, instead of the file. */
  rootKey?: string | undefined;
}

interface OpenOptions extends CustodyOptions {
  /** Whether a keyring may be founded where there is none; true by default. Pass false where the records hold people already. */
  mayFound?: boolean;
}

/**
 * Opens the keyring of a data directory, and founds it where there is none. The root key is found and compared before anything
 * is written.
 * @throws TrothError `keyring-lost`, `root-key-missing`, `root-key-foreign`, `root-key-invalid`, `root-key-exposed`, `root-key-unreadable`,
 *   `keyring-format`, `keyring-unavailable`, `key-unwrap-failed`
 */
export async function openKeyring(options: KeyringOptions): Promise<Keyring> {
  const home = options.url ? openPostgresHome(options.url) : openSqliteHome(keyringFile(options.dir));
  try {
    return await openAt(home, { secretsDir: join(options.dir, 'secrets'), given: options.rootKey }, options);
  } catch (error) {
    await home.close();
    throw error;
  }
}

/** Where the keyring of a data directory lies, if it is a file. */
export function keyringFile(dir: string): string {
  return join(dir, 'keyring', 'keyring.sqlite');
}

/** Opens the keyring that lives at a home. */
export async function openAt(home: Home, source: RootKeySource, options: OpenOptions = {}): Promise<Keyring> {
  const existing = await home.charter();
  if (existing === undefined && options.mayFound === false) {
    throw new TrothError('keyring-lost', 'expected the keyring that belongs to these records; there is none', {
      hint: 'put back the keyring and its root key (docs/operating/keys-and-backups.md); nothing was written',
    });
  }
  const root = findRootKey(source, existing === undefined);
  let fresh = false;
  if (existing === undefined) {
    const { charter, epoch } = newCharter(root, (options.clock ?? systemClock).now());
    fresh = await home.found(charter, epoch);
  } else {
    assertFits(existing, root);
    await home.migrate();
  }
  const charter = existing ?? (await home.charter());
  if (charter === undefined) throw new Error('expected the keyring that was just founded');
  return new Custody(home, root, charter, unlock(charter, await home.epochs(), root), fresh, options);
}
