import { Kysely, PostgresDialect } from 'kysely';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { socketUrl } from '../database.ts';
import type { Database } from '../schema.ts';

/** A database of a test's own: migrated, empty, gone after `drop`. */
export interface TestDatabase {
  db: Kysely<Database>;
  pool: pg.Pool;
  /** As for `DATABASE_URL`. */
  url: string;
  /** 18, or the version that the run was asked for. */
  major: number;
  drop(): Promise<void>;
}

/** Clones a fresh database for a test, a real one on the server of this run; some 50 ms. Call `drop` in `afterAll`. */
export async function freshDatabase(): Promise<TestDatabase> {
  const server = inject('postgres');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(server, `create database ${name} template troth owner troth`);
  const url = socketUrl(server, 'troth', name);
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  const drop = async (): Promise<void> => {
    if (!pool.ended) await pool.end();
    await asAdmin(server, `drop database if exists ${name} with (force)`);
  };
  return { db, pool, url, major: server.major, drop };
}

/** An empty database without tables, to try migrations on. */
export async function emptyDatabase(): Promise<TestDatabase> {
  const server = inject('postgres');
  const fresh = await freshDatabase();
  const client = new pg.Client({ connectionString: fresh.url });
  await client.connect();
  await client.query('drop owned by troth cascade');
  await client.end();
  return { ...fresh, major: server.major };
}

async function asAdmin(server: { host: string; port: number }, statement: string): Promise<void> {
  const client = new pg.Client({ ...server, user: 'postgres', database: 'postgres' });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
