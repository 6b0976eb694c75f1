import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { isLocked } from './lock.ts';
import { errorCode, TrothError } from './errors.ts';
import { silentLog, type Log } from './log.ts';
import { checkMigrated, migrate } from './migrate.ts';
import { attachPostgres, startPostgres, type Engine, type Postgres } from './postgres/index.ts';
import type { Database } from './schema.ts';

export interface DatabaseOptions {
  /** The data directory, as a real path. */
  root: string;
  /** Your own PostgreSQL; without it the embedded one is started. Usually `process.env.DATABASE_URL`. */
  url?: string | undefined;
  /**
   * `serve`: the caller holds the directory's lock; the embedded database is started, and migrated.
   * `attach`: a command beside a live server; connects to what runs, and migrates nothing.
   * `alone`: a command that holds the lock; as `serve`, but neither migrates nor looks at the tables: that is the caller's.
   */
  mode?: 'serve' | 'attach' | 'alone';
  progress?: (line: string) => void;
  log?: Log;
  /** Connections at most; 10 by default. */
  poolSize?: number;
  engine?: Engine;
  overrides?: Record<string, string>;
}

/** The open records database. */
export interface OpenDatabase {
  db: Kysely<Database>;
  pool: pg.Pool;
  /** For a connection of one's own (LISTEN, COPY): `new pg.Client({ connectionString: url })`. Holds a password if yours did. */
  url: string;
  /** 18 for PostgreSQL 18.x. */
  major: number;
  embedded: boolean;
  /** The embedded database's folder, to name at the start. */
  place: string | undefined;
  /** Resolves when the embedded database has ended; never for your own. */
  ended: Promise<void>;
  /** Closes all connections, then stops the embedded database if this call started it. */
  stop(): Promise<void>;
}

const OLDEST = 15;
const NEWEST = 18;
const NAME = 'troth';

/**
 * Opens the records database, starting the embedded one where no URL names another, and brings its tables up to date.
 * @throws TrothError `database-unreachable`, `database-version`, `database-newer`, `database-not-running`, and those of
 * `startPostgres`
 */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const own = options.url === undefined || options.url === '' ? undefined : options.url;
  const mode = options.mode ?? 'serve';
  let postgres: Postgres | undefined;
  if (own === undefined) postgres = mode === 'attach' ? attach(options.root) : await startPostgres(options);
  let pool: pg.Pool | undefined;
  try {
    if (postgres !== undefined && mode !== 'attach') await createDatabase(postgres);
    const url = own ?? socketUrl(postgres!, NAME, NAME);
    pool = createPool(url, options.poolSize ?? 10, options.log ?? silentLog);
    const major = await checkVersion(pool, own !== undefined);
    const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
    if (mode === 'serve') await migrate(db, options.progress);
    if (mode === 'attach') await checkMigrated(db);
    const open = pool;
    let stopping: Promise<void> | undefined;
    const stop = (): Promise<void> => (stopping ??= open.end().then(() => postgres?.stop()));
    const ended = postgres?.ended ?? new Promise<void>(() => {});
    return { db, pool, url, major, embedded: own === undefined, place: postgres?.place.base, ended, stop };
  } catch (error) {
    await pool?.end();
    await postgres?.stop();
    throw error;
  }
}

/** The address of a database behind a socket, as `pg` reads it. */
export function socketUrl(server: { host: string; port: number }, user: string, database: string): string {
  return `postgresql://${user}@/${database}?host=${encodeURIComponent(server.host)}&port=${server.port}`;
}

function createPool(connectionString: string, max: number, log: Log): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max,
    application_name: 'troth',
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    // Milliseconds. No statement of ours runs that long; one that does would hold the others up.
    statement_timeout: 30_000,
    lock_timeout: 10_000,
    idle_in_transaction_session_timeout: 60_000,
  });
  // Without listeners a connection that is cut, idle or in the midst of a transaction, would end the process; the query that
  // was under way fails by itself.
  pool.on('connect', (client) => client.on('error', () => {}));
  // While it closes, the end of a connection is no news.
  pool.on('error', (error) => pool.ending || log.warn('database-connection-lost', { code: errorCode(error) }));
  return pool;
}

function attach(root: string): Postgres {
  const postgres = attachPostgres(root);
  if (postgres !== undefined) return postgres;
  const state = isLocked(root) ? 'its server has not started it yet, or is about to stop' : 'no server runs on it';
  throw new TrothError('database-not-running', `expected the database of ${root} to run; ${state}`, {
    hint: 'start it with ./start, or try again',
  });
}

/** The role and the database of the house. The role owns its database and nothing else: it is no superuser. */
async function createDatabase(postgres: Postgres): Promise<void> {
  const client = new pg.Client({ host: postgres.host, port: postgres.port, user: 'postgres', database: 'postgres' });
  await client.connect();
  try {
    const role = await client.query('select from pg_roles where rolname = $1', [NAME]);
    if (role.rowCount === 0) await client.query(`create role ${NAME} login`);
    const database = await client.query('select from pg_database where datname = $1', [NAME]);
    if (database.rowCount === 0) await client.query(`create database ${NAME} owner ${NAME}`);
  } finally {
    await client.end();
  }
}

async function checkVersion(pool: pg.Pool, own: boolean): Promise<number> {
  let number: string;
  try {
    const { rows } = await pool.query<{ server_version_num: string }>('show server_version_num');
    number = rows[0]!.server_version_num;
  } catch (cause) {
    const whose = own ? 'the database that DATABASE_URL names' : 'the embedded database';
    throw new TrothError('database-unreachable', `expected ${whose} to answer; it did not (${errorCode(cause)})`, {
      hint: own ? 'is it running, and are address, user and password right?' : 'look at its log in the records folder',
      cause,
    });
  }
  const major = Math.floor(Number(number) / 10_000);
  if (major >= OLDEST && major <= NEWEST) return major;
  throw new TrothError(
    'database-version',
    `expected PostgreSQL ${OLDEST} to ${NEWEST}; DATABASE_URL names a ${major}`,
    {
      hint: 'these versions are tested; others may keep promises differently',
    },
  );
}
