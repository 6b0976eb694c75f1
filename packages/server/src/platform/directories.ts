import { chmodSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { TrothError, errorCode } from './errors.ts';

/** The parts of a data directory. Kept apart, so that a copy of the records never holds what opens them. */
export interface Directories {
  /** The data directory itself, as a real path without symlinks. */
  root: string;
  /** The embedded database, unless the user it runs as cannot reach it; see `postgres/place.ts`. */
  records: string;
  keyring: string;
  secrets: string;
  /** The public mirror of the ledger. */
  ledger: string;
}

/**
 * Makes the data directory and its parts where they are missing, each for its owner only (the ledger may be read by all, once
 * someone lets them into the directory above).
 * @throws TrothError `data-directory-unusable` when it cannot be made or entered.
 */
export function prepareDirectories(dir: string): Directories {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const root = realpathSync(dir);
    const parts = { records: '', keyring: '', secrets: '', ledger: '' };
    for (const name of ['records', 'keyring', 'secrets', 'ledger'] as const) {
      parts[name] = join(root, name);
      mkdirSync(parts[name], { recursive: true, mode: name === 'ledger' ? 0o755 : 0o700 });
    }
    chmodSync(parts.secrets, 0o700);
    chmodSync(parts.keyring, 0o700);
    return { root, ...parts };
  } catch (cause) {
    throw new TrothError(
      'data-directory-unusable',
      `expected a data directory that can be written; ${dir} cannot (${errorCode(cause)})`,
      {
        hint: 'name another one with --data, or let the user who starts Troth own it',
        cause,
      },
    );
  }
}
