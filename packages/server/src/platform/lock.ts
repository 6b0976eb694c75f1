import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TrothError, errorCode } from './errors.ts';

/** Proof that this process is the one live server of a data directory. */
export interface Lock {
  /** Writes down where the server answers, for commands that find the directory taken. */
  tell(running: Running): void;
  release(): void;
}

/** What a live server says about itself. */
export interface Running {
  pid: number;
  urls: string[];
}

/**
 * Takes the data directory for this process. The lock is the operating system's (an exclusive SQLite transaction on
 * `lock.sqlite`), so it dies with the process, whatever kills it, and is not inherited by the database it started.
 * @throws TrothError `data-directory-in-use`
 */
export function acquireLock(dir: string): Lock {
  const database = tryLock(dir);
  if (database === undefined) {
    const running = readRunning(dir);
    const where = running === undefined ? '' : `: process ${running.pid}, ${running.urls.join(' and ')}`;
    throw new TrothError(
      'data-directory-in-use',
      `expected a data directory of its own; ${dir} is served already${where}`,
      {
        hint: 'stop the other one, or give another --data directory',
      },
    );
  }
  rmSync(noteOf(dir), { force: true });
  return {
    tell: (running) => writeFileSync(noteOf(dir), JSON.stringify(running), { mode: 0o600 }),
    release() {
      rmSync(noteOf(dir), { force: true });
      if (database.isOpen) database.close();
    },
  };
}

/** Does a live process hold this data directory? */
export function isLocked(dir: string): boolean {
  const database = tryLock(dir);
  database?.close();
  return database === undefined;
}

/** What the live server of this directory said about itself, if there is one. */
export function readRunning(dir: string): Running | undefined {
  try {
    return JSON.parse(readFileSync(noteOf(dir), 'utf8')) as Running;
  } catch {
    return undefined;
  }
}

const noteOf = (dir: string): string => join(dir, 'running.json');

function tryLock(dir: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(join(dir, 'lock.sqlite'), { timeout: 0 });
    chmodSync(join(dir, 'lock.sqlite'), 0o600);
    database.exec('begin exclusive');
    return database;
  } catch (cause) {
    database?.close();
    // SQLITE_BUSY: somebody holds it.
    if (cause instanceof Error && 'errcode' in cause && cause.errcode === 5) return undefined;
    throw new TrothError('data-directory-unusable', `expected to lock ${dir}; that failed (${errorCode(cause)})`, {
      hint: 'the directory must be on a file system with locks, and writable by the user who starts Troth',
      cause,
    });
  }
}
