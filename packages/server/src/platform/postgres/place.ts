import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { TrothError } from '../errors.ts';
import { canReach, type Account } from './account.ts';

/** Where the embedded database lies. */
export interface Place {
  /** The folder of it all, which belongs to the database's user. */
  base: string;
  /** PostgreSQL's own data directory. */
  data: string;
  logs: string;
  /** The folder of the socket, as far as its path is short enough. */
  run: string;
  /** True when it is not inside the data directory, because the database's user cannot reach that one. */
  elsewhere: boolean;
}

/** Folders for all users of a machine, for what a user who is not root must reach. */
export const SHARED_HOME = '/var/lib/troth';

/** Where the records lie, without making or changing anything; undefined when there are none yet. */
export function findPlace(root: string): Place | undefined {
  const elsewhere = readNote(root);
  const place = placeAt(elsewhere ?? join(root, 'records'), elsewhere !== undefined);
  return existsSync(join(place.data, 'PG_VERSION')) ? place : undefined;
}

/**
 * Chooses where the records lie and makes the folders: `DIR/records`, or, when root starts it and the database's user cannot
 * reach that folder, `/var/lib/troth/<hash of DIR>/records`. The choice is written to `DIR/records.place` and stays.
 * @param root the data directory as a real path
 * @throws TrothError `records-unreachable`, `records-place-taken`
 */
export function preparePlace(root: string, account: Account | undefined): Place {
  const noted = readNote(root);
  if (noted !== undefined) return claim(root, noted, account);
  const inside = placeAt(join(root, 'records'), false);
  if (account === undefined) return makeFolders(inside, account);
  makeFolders(inside, account);
  // The database's user must pass through the data directory, but need not list it.
  if (!canReach(inside.base, account, 'write')) chmodSync(root, 0o711);
  if (canReach(inside.base, account, 'write')) return inside;
  if (existsSync(join(inside.data, 'PG_VERSION'))) {
    throw new TrothError(
      'records-unreachable',
      `expected ${inside.base} to be reachable for the user ${account.name}; a folder above it is closed to that user`,
      {
        hint: 'move the data directory to where that user can reach it, or start Troth as the user who owns it',
      },
    );
  }
  const hash = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const base = join(SHARED_HOME, hash, 'records');
  mkdirSync(join(SHARED_HOME, hash), { recursive: true, mode: 0o755 });
  chmodSync(SHARED_HOME, 0o755);
  chmodSync(join(SHARED_HOME, hash), 0o711);
  // Nothing of the database lies inside after all.
  chmodSync(root, 0o700);
  return claim(root, base, account);
}

/** Takes a place outside the data directory for it, unless another data directory that still exists owns the place. */
function claim(root: string, base: string, account: Account | undefined): Place {
  const deed = join(base, '..', 'belongs-to');
  const owner = existsSync(deed) ? readFileSync(deed, 'utf8').trim() : root;
  if (owner !== root && existsSync(owner)) {
    throw new TrothError(
      'records-place-taken',
      `expected ${base} to hold the records of ${root}; it holds those of ${owner}`,
      {
        hint: `a copied data directory still points at the records of the original: remove ${noteOf(root)} from the copy, and restore a backup into it`,
      },
    );
  }
  writeFileSync(deed, `${root}\n`, { mode: 0o600 });
  writeFileSync(noteOf(root), `${base}\n`, { mode: 0o600 });
  return makeFolders(placeAt(base, true), account);
}

function makeFolders(place: Place, account: Account | undefined): Place {
  for (const folder of [place.base, place.logs, place.run]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (account !== undefined) giveTo(place.base, account);
  chmodSync(place.base, 0o700);
  chmodSync(place.run, 0o700);
  return place;
}

/** Makes everything under a folder belong to the database's user; quick when it does already. */
function giveTo(path: string, account: Account): void {
  const stat = lstatSync(path);
  const foreign = stat.uid !== account.uid;
  if (foreign) chownSync(path, account.uid, account.gid);
  if (!stat.isDirectory()) return;
  for (const name of readdirSync(path)) {
    const inner = join(path, name);
    // Inside PostgreSQL's own directory all files have one owner: look further only when that owner is wrong.
    if (name === 'pg' && statSync(inner).uid === account.uid) continue;
    if (!lstatSync(inner).isSymbolicLink()) giveTo(inner, account);
  }
}

function placeAt(base: string, elsewhere: boolean): Place {
  return { base, data: join(base, 'pg'), logs: join(base, 'log'), run: join(base, 'run'), elsewhere };
}

const noteOf = (root: string): string => join(root, 'records.place');

function readNote(root: string): string | undefined {
  const note = noteOf(root);
  return existsSync(note) ? readFileSync(note, 'utf8').trim() : undefined;
}
