import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { TrothError } from '../errors.ts';

/** The system user that the embedded database runs as. PostgreSQL refuses to run as root. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

const NAME = 'postgres';

/** Is this process root's? Then the database needs a user of its own. */
function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * The user for the database: none when this process is not root's (it then runs as the same user); else the one who owns the
 * database that is there already, or `postgres`, which is made if the machine has none.
 * @param data PostgreSQL's data directory, which need not be there yet
 * @throws TrothError `no-database-user` when it can neither be found nor made
 */
export function databaseAccount(data: string | undefined, progress: (line: string) => void): Account | undefined {
  if (!isRoot()) return undefined;
  const owner = data === undefined ? undefined : statSync(data);
  if (owner !== undefined && owner.uid !== 0) return { name: nameOf(owner.uid), uid: owner.uid, gid: owner.gid };
  const found = lookUp();
  if (found !== undefined) return found;
  progress(`making the system user ${NAME} for the database`);
  const shell = '/usr/sbin/nologin';
  spawnSync('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    shell,
    NAME,
  ]);
  const made = lookUp();
  if (made !== undefined) return made;
  throw new TrothError(
    'no-database-user',
    `expected a system user ${NAME} to run the database as; there is none, and useradd could not make it`,
    {
      hint: 'start Troth as a user who is not root, or make that user yourself',
    },
  );
}

/**
 * May the user enter this folder (`enter`), or change what is in it (`write`)? Asked of the operating system by trying as that
 * user, since rights of folders above, access lists and mounts all have a say.
 */
export function canReach(path: string, account: Account, need: 'enter' | 'write'): boolean {
  const test = need === 'enter' ? 'test -r "$1" && test -x "$1"' : 'test -x "$1" && test -w "$1"';
  const { uid, gid } = account;
  return spawnSync('/bin/sh', ['-c', test, 'sh', path], { uid, gid, cwd: '/', stdio: 'ignore' }).status === 0;
}

function nameOf(uid: number): string {
  const { status, stdout } = spawnSync('id', ['-un', String(uid)], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : String(uid);
}

function lookUp(): Account | undefined {
  const uid = numberOf('-u');
  const gid = numberOf('-g');
  return uid === undefined || gid === undefined || uid === 0 ? undefined : { name: NAME, uid, gid };
}

function numberOf(flag: '-u' | '-g'): number | undefined {
  const { status, stdout } = spawnSync('id', [flag, NAME], { encoding: 'utf8' });
  return status === 0 ? Number(stdout.trim()) : undefined;
}
