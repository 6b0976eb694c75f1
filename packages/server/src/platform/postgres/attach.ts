import { findPlace } from './place.ts';
import { isOurs, readPostmaster } from './postmaster.ts';
import type { Postgres } from './start.ts';

/**
 * Finds the running database of a data directory that a live server holds, for a command that works beside it.
 * Stopping what is returned leaves the database running.
 * @param root the data directory, as a real path
 * @returns undefined when no database of this directory is running and ready
 */
export function attachPostgres(root: string): Postgres | undefined {
  const place = findPlace(root);
  if (place === undefined) return undefined;
  const postmaster = readPostmaster(place.data);
  if (postmaster === undefined || postmaster.status !== 'ready' || !isOurs(postmaster, place.data)) return undefined;
  return {
    host: postmaster.socket,
    port: postmaster.port,
    pid: postmaster.pid,
    place,
    ended: new Promise(() => {}),
    stop: async () => {},
  };
}

/** Is the embedded database of this data directory running? */
export function isRunning(root: string): boolean {
  return attachPostgres(root) !== undefined;
}
