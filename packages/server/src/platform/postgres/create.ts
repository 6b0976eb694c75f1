import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TrothError } from '../errors.ts';
import type { Account } from './account.ts';
import type { Engine } from './engine.ts';
import type { Place } from './place.ts';

/** The environment of PostgreSQL's programs: nothing of ours, so that no variable of the shell steers them. */
export const BARE_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Makes PostgreSQL's data directory, if there is none: UTF-8, page checksums, the same order of letters on every operating
 * system. Made beside its place and moved there when complete, so that a start that is killed leaves no half of one.
 * @throws TrothError `records-not-made`, `records-of-another-version`
 */
export async function createCluster(
  engine: Engine,
  place: Place,
  account: Account | undefined,
  progress: (line: string) => void,
): Promise<void> {
  const marker = join(place.data, 'PG_VERSION');
  if (existsSync(marker)) {
    const major = Number.parseInt(readFileSync(marker, 'utf8'), 10);
    if (major === engine.major) return;
    throw new TrothError(
      'records-of-another-version',
      `expected records of PostgreSQL ${engine.major} in ${place.data}; they are of ${major}`,
      {
        hint: 'take a backup with the version of Troth that wrote them, and restore it with this one',
      },
    );
  }
  progress('making the database');
  const fresh = `${place.data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  const locale = engine.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
  const child = spawn(
    join(engine.bin, 'initdb'),
    // The socket lies in a folder that only its owner may enter: that is the check of who connects.
    [
      '--pgdata',
      fresh,
      '--username=postgres',
      '--auth-local=trust',
      '--auth-host=reject',
      '--encoding=UTF8',
      '--locale=C',
      ...locale,
      '--data-checksums',
    ],
    {
      ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
      cwd: place.base,
      env: BARE_ENVIRONMENT,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let trouble = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (trouble += text));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    const why =
      trouble.split('\n').find((line) => /error|could not|cannot/i.test(line)) ?? `initdb ended with ${status}`;
    throw new TrothError('records-not-made', `expected to make a database in ${place.base}; ${why.trim()}`, {
      hint: 'is the disk full, or the folder not writable? A database of your own can be named with DATABASE_URL',
    });
  }
  renameSync(fresh, place.data);
}
