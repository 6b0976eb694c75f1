import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Engine } from '../postgres/index.ts';

/**
 * The programs of another PostgreSQL on this machine, found on PATH or where Debian puts them; undefined where there is none.
 * @param major such as 15
 */
export function systemEngine(major: number): Engine | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => existsSync(join(folder, 'initdb')));
  const bins = folders.map((folder) => dirname(realpathSync(join(folder, 'initdb'))));
  for (const bin of [`/usr/lib/postgresql/${major}/bin`, ...bins]) {
    const { status, stdout } = spawnSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' });
    if (status === 0 && Number.parseInt(stdout.replace(/^\D*/, ''), 10) === major) return { bin, major };
  }
  return undefined;
}
