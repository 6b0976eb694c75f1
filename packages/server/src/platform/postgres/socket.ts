import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Account } from './account.ts';
import type { Place } from './place.ts';

/** What the operating system allows for a socket's path, with room to spare: 107 bytes on Linux, 103 on macOS. */
const LONGEST = 100;
const PREFIX = 'troth-run-';

/** The folder for the socket: in the records, or where that path is too long a fresh private one for temporary files. */
export function socketFolder(place: Place, account: Account | undefined): string {
  if (Buffer.byteLength(join(place.run, '.s.PGSQL.5432')) <= LONGEST) return place.run;
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  if (account !== undefined) chownSync(folder, account.uid, account.gid);
  return folder;
}

/** Removes a temporary folder of `socketFolder`; leaves any other alone. */
export function dropSocketFolder(folder: string): void {
  if (dirname(folder) === tmpdir() && folder.startsWith(join(tmpdir(), PREFIX)))
    rmSync(folder, { recursive: true, force: true });
}
