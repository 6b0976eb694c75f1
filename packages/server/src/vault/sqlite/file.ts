import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TrothError, errorCode } from '../../platform/errors.ts';
import { syncFolder } from '../rootkey.ts';
import { PRAGMAS } from './tables.ts';

/** Opens the file of a keyring, or makes it: for its owner alone, the name on the disk before the first row. */
export function openFile(file: string): DatabaseSync {
  try {
    if (!existsSync(file)) makeFile(file);
    const database = new DatabaseSync(file);
    database.exec(PRAGMAS);
    return database;
  } catch (cause) {
    throw unavailable(cause, file);
  }
}

function makeFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (cause) {
    if (errorCode(cause) !== 'EEXIST') throw cause;
  }
  syncFolder(dirname(file));
}

/** Copies the live rows, and nothing that was ever deleted, to a new file for its owner alone. */
export function copyInto(database: DatabaseSync, file: string): void {
  newOwnFile(file);
  database.prepare('vacuum into ?').run(file);
  syncFile(file);
}

/** Brings a finished file and its name to the disk. */
export function syncFile(file: string): void {
  const handle = openSync(file, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  syncFolder(dirname(file));
}

/** @throws TrothError `backup-file-exists`: a copy never overwrites another */
export function newOwnFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (cause) {
    if (errorCode(cause) !== 'EEXIST') throw cause;
    throw new TrothError('backup-file-exists', 'expected the name of a new file; there is one already', {
      file,
      hint: 'give another name',
    });
  }
}

/** The file cannot be used: SQLite's code, never its message. */
export function unavailable(cause: unknown, file: string): TrothError {
  if (cause instanceof TrothError) return cause;
  const number = cause instanceof Error && 'errcode' in cause ? ` ${String(cause.errcode)}` : '';
  return new TrothError(
    'keyring-unavailable',
    `expected to work on the keyring; that failed (${errorCode(cause)}${number})`,
    {
      file,
      hint: 'is the file a keyring, writable for the user who starts Troth, and is there room on the disk?',
      cause,
    },
  );
}
