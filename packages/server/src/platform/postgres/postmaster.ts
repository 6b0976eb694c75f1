import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TrothError, errorCode } from '../errors.ts';

/** What PostgreSQL writes into `postmaster.pid` (its file `miscadmin.h` lists the lines). */
export interface Postmaster {
  pid: number;
  data: string;
  port: number;
  socket: string;
  /** `starting`, `stopping`, `ready`, `standby`. */
  status: string;
}

/** Reads `postmaster.pid`; undefined when there is none or PostgreSQL is still at writing it. */
export function readPostmaster(data: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const [pid, dir, , port, socket, , , status] = lines;
  if (!pid || !dir || !port || socket === undefined) return undefined;
  return { pid: Number(pid), data: dir, port: Number(port), socket, status: (status ?? '').trim() };
}

/**
 * Is the process of the file really the PostgreSQL of this directory? A pid is used again after a reboot, so being alive is
 * not enough: PostgreSQL's working directory is its data directory; where that cannot be seen, its command line names it.
 */
export function isOurs(postmaster: Postmaster, data: string): boolean {
  if (postmaster.data !== data || !isAlive(postmaster.pid)) return false;
  try {
    return readlinkSync(`/proc/${postmaster.pid}/cwd`) === data;
  } catch (error) {
    if (process.platform === 'linux' && errorCode(error) === 'ENOENT') return false;
    const { stdout } = spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(postmaster.pid)], { encoding: 'utf8' });
    return stdout.includes(data);
  }
}

/**
 * Is there a live process of this id (even one that is not ours to signal)? One that has ended and is only waiting for its
 * parent to take note counts as gone: in a container nobody may ever take note.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
  try {
    // The state follows the program's name in parentheses, which may hold anything.
    return !/^\s*[ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1)!);
  } catch {
    // No such file system here, or the process ended just now: then the next look says so.
    return true;
  }
}

/**
 * Ends a PostgreSQL by its id and waits until it is gone: a fast shutdown first (SIGINT: connections are cut, everything is
 * written), and if that takes too long an immediate one (SIGQUIT: the next start recovers from the write-ahead log).
 * @param patience milliseconds for each of the two
 * @throws TrothError `database-does-not-stop`
 */
export async function endPostmaster(pid: number, patience = 20_000): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const until = Date.now() + patience;
    while (Date.now() < until) {
      if (!isAlive(pid)) return;
      await sleep(20);
    }
  }
  throw new TrothError('database-does-not-stop', `expected the database (process ${pid}) to stop; it is still there`, {
    hint: 'look at the records log, then end that process yourself',
  });
}
