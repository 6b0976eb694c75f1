import { existsSync } from 'node:fs';
import type { Kysely } from 'kysely';
import { openGate, ERASED_CHANNEL, type GateContext, type House } from './gate/index.ts';
import { openLedger, type Ledger } from './ledger/index.ts';
import { policyOf, publish, readPolicy, type LoadedPolicy } from './notices/index.ts';
import { systemClock, type Clock } from './platform/clock.ts';
import { openDatabase, type OpenDatabase } from './platform/database.ts';
import { prepareDirectories, type Directories } from './platform/directories.ts';
import { hearing } from './platform/hearing.ts';
import { TrothError } from './platform/errors.ts';
import type { Log } from './platform/log.ts';
import type { Database } from './platform/schema.ts';
import { keyringFile, openKeyring, type Keyring } from './vault/index.ts';

/** What it takes to furnish a house whose database is open already. */
export interface Furnishing {
  keyringDatabaseUrl: string | undefined;
  rootKey: string | undefined;
  production: boolean;
  /**
   * `serve`: this process is the one server of the directory, and publishes the policy that it was given. `alone`: a command that
   * holds the directory while no server does. `attach`: a command beside a live server. Commands go by the newest published policy.
   */
  mode: 'serve' | 'alone' | 'attach';
  log: Log;
  clock?: Clock;
}

/** What it takes to open a house for serving. */
export interface HouseOptions extends Furnishing {
  data: string;
  /** A file. */
  policy: string;
  databaseUrl: string | undefined;
  mode: 'serve';
  progress?: (line: string) => void;
}

/** A house that stands: everything the rooms and the command line work with. */
export interface OpenHouse extends House {
  readonly ledger: Ledger;
  readonly database: OpenDatabase;
  readonly directories: Directories;
  /** How many people an older state of the records had brought back, and that were erased again. */
  readonly replayed: number;
  setOrigin(origin: string): void;
  close(): Promise<void>;
}

/**
 * Opens a house to serve: database, keyring, ledger, policy, gate, in the order in which each needs the other; then it replays
 * erasures, so that nobody comes back with an older state of the records.
 */
export async function openHouse(options: HouseOptions): Promise<OpenHouse> {
  const loaded = await readPolicy(options.policy);
  const directories = prepareDirectories(options.data);
  const { databaseUrl: url, log, progress } = options;
  const database = await openDatabase({
    root: directories.root,
    url,
    mode: 'serve',
    log,
    ...(progress && { progress }),
  });
  try {
    const house = await furnishHouse(database, directories, options, loaded);
    return { ...house, close: () => house.close().finally(() => database.stop()) };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/**
 * Puts keyring, ledger, policy and gate into a house whose database is open. Closing it leaves the database open.
 * @param loaded the policy to go by; without one the newest that the house has published
 * @throws TrothError `policy-unpublished`, `keyring-missing`, `keyring-lost`, `keyring-foreign`, and those of the parts
 */
export async function furnishHouse(
  database: OpenDatabase,
  directories: Directories,
  options: Furnishing,
  loaded?: LoadedPolicy,
): Promise<OpenHouse> {
  const { mode, log, production } = options;
  const clock = options.clock ?? systemClock;
  const opened: { stop(): Promise<unknown> }[] = [];
  const close = async (): Promise<void> => {
    for (const part of opened.splice(0).toReversed()) await part.stop();
  };
  try {
    const policy = loaded ?? (await publishedPolicy(database.db));
    const mayFound = mode === 'serve' && !(await hasPeople(database.db));
    const keyring = await openKeyringOf(directories, options, mayFound);
    opened.push({ stop: () => keyring.close() });
    const origin = originOf(policy, keyring.installation);
    const parts = {
      db: database.db,
      pool: database.pool,
      secretsDir: directories.secrets,
      mirrorDir: directories.ledger,
    };
    const ledger = await openLedger({ ...parts, origin, log });
    assertSameHouse(ledger, keyring);
    const context: GateContext = {
      db: database.db,
      keyring,
      clock,
      sealer: ledger.sealer,
      installation: keyring.installation,
      policy: () => policy,
    };
    const gate = openGate(context);
    if (mode !== 'attach') {
      await ledger.start();
      // What a command did is under a signature before the command says that it is done.
      opened.push({ stop: () => ledger.stop().then(() => (mode === 'alone' ? ledger.flush() : undefined)) });
    }
    if (mode === 'serve') {
      await publish(database.db, clock, ledger.sealer, policy);
      const heard = await hearing(
        database.url,
        ERASED_CHANNEL,
        (person) => keyring.forget(person),
        (deaf) => keyring.distrust(deaf),
        log,
      );
      opened.push(heard);
    }
    const replayed = mode === 'serve' ? await gate.replayErasures() : 0;
    let address = 'http://localhost';
    return {
      db: database.db,
      gate,
      keyring,
      clock,
      ledger,
      database,
      directories,
      replayed,
      production,
      policy: () => policy,
      origin: () => address,
      setOrigin: (given) => {
        address = given;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * The policy that a house published last.
 * @throws TrothError `policy-unpublished`, `policy-invalid`
 */
export async function publishedPolicy(db: Kysely<Database>): Promise<LoadedPolicy> {
  const row = await db
    .selectFrom('policy_versions')
    .select(['policy_id', 'version', 'source'])
    .orderBy('published_at', 'desc')
    .orderBy('entry_id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) {
    throw new TrothError(
      'policy-unpublished',
      'expected a house that has published a policy; this one has published none yet',
      {
        hint: 'start it once with ./start',
      },
    );
  }
  return policyOf(row.source, `${row.policy_id}@${row.version}`);
}

/** Opens the keyring. Only a server founds one: a command that finds none is pointed at the wrong place. */
export async function openKeyringOf(
  directories: Directories,
  options: Pick<Furnishing, 'keyringDatabaseUrl' | 'rootKey' | 'mode'>,
  mayFound = false,
): Promise<Keyring> {
  const { keyringDatabaseUrl: url, rootKey, mode } = options;
  const missing = (): TrothError =>
    new TrothError(
      'keyring-missing',
      `expected the keyring of ${directories.root}; there is none ${url === undefined ? 'in it' : 'in the database that KEYRING_DATABASE_URL names'}`,
      {
        hint: 'was ./start run with a KEYRING_DATABASE_URL? Give the same here; after a loss put back a copy of keyring and secrets',
      },
    );
  if (mode !== 'serve' && url === undefined && !existsSync(keyringFile(directories.root))) throw missing();
  const keyring = await openKeyring({ dir: directories.root, url, rootKey, mayFound });
  if (mode === 'serve' || !keyring.fresh) return keyring;
  await keyring.close();
  throw missing();
}

/** Records with people in them have a keyring somewhere: to found another would erase everybody. */
async function hasPeople(db: Kysely<Database>): Promise<boolean> {
  const someone = await db
    .selectFrom('people')
    .select('person_id')
    .where('erased_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return someone !== undefined;
}

/** A command with another keyring than the server's would write where nobody reads. The log's name tells which keyring it is. */
function assertSameHouse(ledger: Ledger, keyring: Keyring): void {
  if (ledger.origin.endsWith(`/troth/${keyring.installation.slice(0, 8)}`)) return;
  throw new TrothError(
    'keyring-foreign',
    'expected the keyring that this house was founded with; another one was opened',
    {
      hint: 'give the same DATABASE_URL and KEYRING_DATABASE_URL as ./start has',
    },
  );
}

/** The name of a new log: the site of the policy and the installation, so that two houses never share a log's name. */
function originOf(policy: LoadedPolicy, installation: string): string {
  const site = policy.document.controller.site ?? policy.document.id;
  return `${site.toLowerCase().replaceAll(/[^a-z0-9.-]/g, '-')}/troth/${installation.slice(0, 8)}`;
}
