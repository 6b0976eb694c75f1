import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../database.ts';
import { prepareDirectories } from '../directories.ts';
import { TrothError } from '../errors.ts';
import { endPostmaster, isAlive, isOurs, readPostmaster } from '../postgres/postmaster.ts';
import { systemEngine } from './engines.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: { host: string; port: number; major: number };
  }
}

const PREFIX = 'troth-test-';
/** Durability is not under test here, and a test run need not wait for disks. */
const HASTY = { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off', max_connections: '100' };

/**
 * Starts one database server for the whole test run, with migrated tables in `troth`, from which each test clones its own
 * database (see `database.ts` beside this). `TROTH_TEST_PG=15` takes the PostgreSQL 15 of the machine instead.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweep();
  const root = prepareDirectories(mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))).root;
  const other = process.env['TROTH_TEST_PG'];
  const engine = other === undefined || other === '' ? undefined : systemEngine(Number(other));
  if (other && engine === undefined)
    throw new TrothError('no-test-database', `expected PostgreSQL ${other} on this machine; there is none`);
  const open = await openDatabase({ root, overrides: HASTY, ...(engine === undefined ? {} : { engine }) });
  const { host, port } = { host: new URL(open.url.replace('@/', '@socket/')).searchParams.get('host')!, port: 5432 };
  // A database that serves as a template must have no connections; the server itself goes on.
  await open.db.destroy();
  project.provide('postgres', { host, port, major: open.major });
  return async () => {
    await stopServer(root);
    rmSync(root, { recursive: true, force: true });
  };
}

/** Ends what earlier runs left behind that were killed outright: the number in the name is the process that made it. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const maker = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    if (Number.isNaN(maker) || isAlive(maker)) continue;
    const root = join(tmpdir(), name);
    try {
      await stopServer(root);
      rmSync(root, { recursive: true, force: true });
    } catch {
      // Another user's: not ours to clear away.
    }
  }
}

async function stopServer(root: string): Promise<void> {
  const data = join(root, 'records', 'pg');
  const postmaster = readPostmaster(data);
  if (postmaster !== undefined && isOurs(postmaster, data)) await endPostmaster(postmaster.pid);
}
