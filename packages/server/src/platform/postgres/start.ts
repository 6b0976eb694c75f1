import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TrothError } from '../errors.ts';
import { databaseAccount, type Account } from './account.ts';
import { BARE_ENVIRONMENT, createCluster } from './create.ts';
import { embeddedEngine, type Engine } from './engine.ts';
import { findPlace, preparePlace, type Place } from './place.ts';
import { endPostmaster, isOurs, readPostmaster } from './postmaster.ts';
import { settings } from './settings.ts';
import { dropSocketFolder, socketFolder } from './socket.ts';

/** A running embedded database. */
export interface Postgres {
  /** The folder of its socket. */
  host: string;
  port: number;
  pid: number;
  place: Place;
  /** Resolves when the database has ended, asked to or not. */
  ended: Promise<void>;
  /** A fast shutdown, waited for. Does nothing where the database was only attached to. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** The data directory, as a real path; the caller holds its lock (`acquireLock`). */
  root: string;
  progress?: (line: string) => void;
  /** Other programs than the ones npm installed, for tests on an older PostgreSQL. */
  engine?: Engine;
  /** Settings that differ, for tests. */
  overrides?: Record<string, string>;
}

/** How long a start may take in milliseconds; recovery after a power cut reads the write-ahead log, which takes its time. */
const PATIENCE = 300_000;
const SIX_DAYS = 6 * 24 * 3_600_000;
const LEFT_OVER = /pre-existing shared memory block/;

/**
 * Starts the embedded database of a data directory, making it first if there is none. A database that a killed server left
 * running is ended before: its new parent can then see it end, and its settings are those of this version.
 * @throws TrothError `database-not-started` and those of the steps
 */
export async function startPostgres({ root, progress = () => {}, engine, overrides }: StartOptions): Promise<Postgres> {
  const account = databaseAccount(findPlace(root)?.data, progress);
  const place = preparePlace(root, account);
  if (place.elsewhere)
    progress(
      `the records lie in ${place.base}, since the user ${account?.name ?? 'of the database'} cannot enter ${root}`,
    );
  const programs = engine ?? embeddedEngine(root, account, progress);
  await createCluster(programs, place, account, progress);
  await endLeftOver(place, progress);
  dropOldLogs(place);
  progress('starting the database');
  const until = Date.now() + PATIENCE;
  for (;;) {
    const attempt = await launch(programs, place, account, overrides ?? {}, until, progress);
    if ('pid' in attempt) return attempt;
    // Connections of a database that was killed outright need a moment to notice it.
    if (!LEFT_OVER.test(attempt.why) || Date.now() > until) throw notStarted(place, attempt.why);
    await sleep(250);
  }
}

async function endLeftOver(place: Place, progress: (line: string) => void): Promise<void> {
  const left = readPostmaster(place.data);
  if (left !== undefined && isOurs(left, place.data)) {
    progress('ending the database that an earlier start left running');
    await endPostmaster(left.pid);
    dropSocketFolder(left.socket);
  }
  // Whoever holds the directory's lock may do this: no other database can be on it, and the pid may be someone else's by now.
  rmSync(join(place.data, 'postmaster.pid'), { force: true });
}

/** PostgreSQL writes over a weekday's log only when it runs at midnight; what a stopped one left from last week goes here. */
function dropOldLogs(place: Place): void {
  for (const name of readdirSync(place.logs)) {
    const file = join(place.logs, name);
    if (Date.now() - statSync(file).mtimeMs > SIX_DAYS) rmSync(file);
  }
}

async function launch(
  engine: Engine,
  place: Place,
  account: Account | undefined,
  overrides: Record<string, string>,
  until: number,
  progress: (line: string) => void,
): Promise<Postgres | { why: string }> {
  const host = socketFolder(place, account);
  const flags = Object.entries({ ...settings(engine, { run: host, logs: place.logs }), ...overrides }).flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  );
  const output = join(place.logs, 'start.log');
  const file = openSync(output, 'w', 0o600);
  // A process group of its own: Ctrl-C in a terminal must reach us first, so that we stop it in order.
  const child = spawn(join(engine.bin, 'postgres'), ['-D', place.data, ...flags], {
    ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
    detached: true,
    cwd: place.data,
    env: BARE_ENVIRONMENT,
    stdio: ['ignore', file, file],
  });
  closeSync(file);
  const ended = once(child, 'exit').then(
    () => dropSocketFolder(host),
    () => dropSocketFolder(host),
  );
  child.unref();
  if (!(await ready(child, place, until, progress))) {
    if (child.exitCode === null && child.pid !== undefined) await endPostmaster(child.pid);
    return { why: lastWords(output) };
  }
  const pid = child.pid!;
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) await endPostmaster(pid);
    await ended;
  };
  return { host, port: 5432, pid, place, ended, stop };
}

async function ready(
  child: ChildProcess,
  place: Place,
  until: number,
  progress: (line: string) => void,
): Promise<boolean> {
  let patient = Date.now() + 5_000;
  while (Date.now() < until) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return false;
    const postmaster = readPostmaster(place.data);
    if (postmaster?.pid === child.pid && postmaster.status === 'ready') return true;
    if (Date.now() > patient) {
      progress('still starting the database: it recovers what an unclean end left open');
      patient = Date.now() + 15_000;
    }
    await sleep(15);
  }
  return false;
}

/** The reason that PostgreSQL gave at its start. At that point its words are about files and settings, never about data. */
function lastWords(file: string): string {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.findLast((line) => /FATAL|PANIC|error while loading/.test(line)) ?? lines.at(-1) ?? '';
}

function notStarted(place: Place, why: string): TrothError {
  return new TrothError(
    'database-not-started',
    `expected the database in ${place.data} to start; ${why || 'it ended without a word'}`,
    {
      hint: `its log is in ${place.logs}; a database of your own can be named with DATABASE_URL`,
    },
  );
}
