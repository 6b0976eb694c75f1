import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { furnishHouse, type OpenHouse } from './house.ts';
import { openDatabase, type OpenDatabase } from './platform/database.ts';
import { prepareDirectories, type Directories } from './platform/directories.ts';
import { isTrothError, TrothError } from './platform/errors.ts';
import { acquireLock, readRunning, type Lock, type Running } from './platform/lock.ts';
import type { Log } from './platform/log.ts';
import { checkMigrated } from './platform/migrate.ts';
import { attachPostgres, findPlace } from './platform/postgres/index.ts';
import { endPostmaster } from './platform/postgres/postmaster.ts';

/** Where a command finds the house that it works on. */
export interface Where {
  /** The data directory. */
  data: string;
  databaseUrl: string | undefined;
  keyringDatabaseUrl: string | undefined;
  rootKey: string | undefined;
  log: Log;
  progress?: (line: string) => void;
}

/** The records of a house, open for a command. */
export interface Site {
  database: OpenDatabase;
  directories: Directories;
  /** The live server that the command works beside; undefined where the command holds the directory itself. */
  running: Running | undefined;
}

/** How long a command waits for another one, or for a server that is just starting, in milliseconds. */
const PATIENCE = 60_000;
/** How long an interrupted command takes at most to put everything away, in milliseconds. */
const MOST_PUTTING_AWAY = 5_000;

/**
 * Works on the records of a data directory: beside the live server where there is one; else alone, with the lock, and with the
 * embedded database started and stopped again. SIGINT and SIGTERM end it in order.
 * @param how `alone` refuses a live server; `bare` looks at no tables and makes an embedded database where there is none
 * @throws TrothError `no-house`, `no-records`, `server-running`, `data-directory-busy`, and those of `openDatabase`
 */
export async function withSite<Result>(
  where: Where,
  how: { alone?: boolean; bare?: boolean },
  work: (site: Site) => Promise<Result>,
): Promise<Result> {
  if (!existsSync(join(where.data, 'secrets'))) {
    throw new TrothError('no-house', `expected a data directory that ./start has made; ${where.data} is none`, {
      hint: 'name the right one with --data DIR, or run ./start first',
    });
  }
  const directories = prepareDirectories(where.data);
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).toReversed()) await each();
  };
  let entering: Promise<Site> | undefined;
  const signals = onSignal(async () => {
    const site = await entering?.catch(() => undefined);
    // A fast shutdown ends at once what is under way, which could take long by itself.
    if (site !== undefined && site.running === undefined) await endEmbedded(directories.root);
    await Promise.race([stop(), sleep(MOST_PUTTING_AWAY)]);
  });
  // Nothing else may be waited for at some moment, such as the end of a database; the process must not take that for its own end.
  const alive = setInterval(() => {}, 60_000);
  try {
    entering = enter(directories, where, how, stops, () => signals.came());
    const site = await entering;
    if (site.running === undefined && how.bare !== true) await checkMigrated(site.database.db);
    return await work(site);
  } finally {
    // After a signal everything fails that was under way; the signal's own end is what counts.
    if (signals.came()) await new Promise(() => {});
    await stop();
    signals.off();
    clearInterval(alive);
  }
}

/**
 * Works on a whole house, gate and keyring included, by the newest policy that it has published.
 * @throws as `withSite` and `furnishHouse`
 */
export async function withHouse<Result>(
  where: Where,
  work: (house: OpenHouse, running: Running | undefined) => Promise<Result>,
): Promise<Result> {
  return withSite(where, {}, async (site) => {
    const mode = site.running === undefined ? 'alone' : 'attach';
    const house = await furnishHouse(site.database, site.directories, { ...where, mode, production: false });
    if (site.running?.urls[0] !== undefined) house.setOrigin(site.running.urls[0]);
    try {
      return await work(house, site.running);
    } finally {
      await house.close();
    }
  });
}

async function enter(
  directories: Directories,
  where: Where,
  how: { alone?: boolean; bare?: boolean },
  stops: (() => unknown)[],
  interrupted: () => boolean,
): Promise<Site> {
  const { root } = directories;
  const { databaseUrl: url, log, progress } = where;
  const until = Date.now() + PATIENCE;
  for (let waited = false; ; waited = true) {
    const lock = tryLock(root);
    if (lock !== undefined) {
      stops.push(() => lock.release());
      if (url === undefined && how.bare !== true && findPlace(root) === undefined) throw noRecords(root);
      const database = await openDatabase({
        root,
        url,
        mode: 'alone',
        log,
        poolSize: 4,
        ...(progress && { progress }),
      });
      stops.push(() => database.stop());
      return { database, directories, running: undefined };
    }
    const running = readRunning(root);
    if (running !== undefined) {
      if (how.alone === true) {
        throw new TrothError('server-running', `expected no server on ${root}; process ${running.pid} serves it`, {
          hint: 'stop it first',
        });
      }
      if (url === undefined && findPlace(root) === undefined) throw noRecords(root);
      try {
        const database = await openDatabase({ root, url, mode: 'attach', log, poolSize: 4 });
        stops.push(() => database.stop());
        return { database, directories, running };
      } catch (error) {
        // The server is about to stop: then the directory is ours in a moment.
        if (!isTrothError(error, 'database-not-running') || Date.now() > until) throw error;
      }
    }
    if (interrupted() || Date.now() > until) {
      throw new TrothError('data-directory-busy', `expected ${root} to be free or served; another command holds it`, {
        hint: 'try again when that one is done',
      });
    }
    if (!waited) progress?.('waiting for another command, or for a server that is starting');
    await sleep(150);
  }
}

function tryLock(root: string): Lock | undefined {
  try {
    return acquireLock(root);
  } catch (error) {
    if (isTrothError(error, 'data-directory-in-use')) return undefined;
    throw error;
  }
}

function noRecords(root: string): TrothError {
  return new TrothError('no-records', `expected records in ${root}; there are none`, {
    hint: 'run ./start first; if it was run with a DATABASE_URL, give the same here',
  });
}

/** Ends the embedded database of a directory that this process holds, if it runs. */
async function endEmbedded(root: string): Promise<void> {
  const postgres = attachPostgres(root);
  if (postgres !== undefined) await endPostmaster(postgres.pid);
}

/** On SIGINT or SIGTERM everything is put away before the process ends as a shell expects it to: with 128 and the signal's number. */
function onSignal(putAway: () => Promise<void>): { came(): boolean; off(): void } {
  let came = false;
  const handlers = (
    [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const
  ).map(([signal, code]) => {
    const handler = (): void => {
      if (came) return;
      came = true;
      void putAway().finally(() => process.exit(code));
    };
    process.on(signal, handler);
    return () => process.off(signal, handler);
  });
  return {
    came: () => came,
    off: () => handlers.forEach((off) => off()),
  };
}
